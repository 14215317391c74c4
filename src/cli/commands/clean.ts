/**
 * `nocturne clean`: what a study takes on the disk, and frees what nothing needs.
 */
import type { Command } from 'commander';
import { countText, formatBytes } from '../../core/base/format.ts';
import { wrapUnderNames } from '../render/fit-text.ts';
import type { DiskUse } from '../session/clean-study.ts';
import { parseTag } from '../session/parse-tag.ts';
import { findStudy } from '../study-folder/studies.ts';
import { printData, printJson, say } from '../terminal/print.ts';

interface CleanFlags {
  readonly tag?: string;
  readonly brief?: string;
  readonly yes?: boolean;
  readonly weights?: boolean;
  readonly json?: boolean;
}

/** Adds the command. */
export function addClean(program: Command): void {
  program
    .command('clean')
    .summary('show and free what a study takes on the disk')
    .description(
      'Shows what a study takes on the disk and what that is needed for. With --yes it frees what neither check, report, confirm nor a session that goes on needs.',
    )
    .option('--yes', 'free it; a study that something works on is left alone')
    .option('--weights', 'with --yes: also the weights of keeps before the best')
    .option('--tag <tag>', 'name of the study (default: the one worked on last)', parseTag)
    .option('--brief <path>', 'program.md, or the folder that has one')
    .option('--json', 'JSON on stdout')
    .action(clean);
}

async function clean({ yes = false, weights = false, json = false, ...named }: CleanFlags): Promise<void> {
  const { cleanStudy, diskUseOf } = await import('../session/clean-study.ts');
  const study = findStudy(named.brief, named.tag);
  const before = await diskUseOf(study);
  if (!yes) {
    if (json) printJson({ tag: study.tag, ...before });
    else printData(wrapUnderNames(linesOf(before).join('\n'), textColumn));
    return;
  }
  await cleanStudy(study, before, weights);
  const after = await diskUseOf(study);
  const freed = totalOf(before) - totalOf(after);
  const packed = before.looseObjects - after.looseObjects;
  if (json) return printJson({ tag: study.tag, freed, packed, ...after });
  say(
    `Freed ${formatBytes(Math.max(0, freed))} of study ${study.tag}, and packed ${countText(packed, 'object')} of its repository.`,
  );
}

const textColumn = 20;

function linesOf({ trees, prepared, aside, rest, looseObjects }: DiskUse): string[] {
  const { open, best, ungraded, keep, nothing } = trees;
  const of = (name: string, bytes: number, text: string) =>
    bytes === 0 ? '' : `${name.padEnd(10)}${formatBytes(bytes).padEnd(10)}${text}`;
  const list = (experiments: readonly number[]) => experiments.join(', ');
  return [
    of(
      'frees',
      nothing.bytes,
      `--yes: what runs of experiments that were not kept left (${list(nothing.experiments)})`,
    ),
    of(
      'weights',
      keep.bytes,
      `--yes --weights: the runs of keeps before the best (${list(keep.experiments)}); nothing needs them but whoever wants their weights`,
    ),
    of(
      'stays',
      ungraded.bytes,
      `the runs of keeps that the overfitting gauge has yet to grade (${list(ungraded.experiments)})`,
    ),
    of('stays', best.bytes, bestText(best.experiments)),
    of(
      'stays',
      open.bytes,
      `the runs of experiments without a verdict (${list(open.experiments)}), which \`run\` goes on with`,
    ),
    of('stays', prepared, 'what `prepare` made, and the data of runs: `run` and `confirm` read it'),
    of('stays', aside, 'what repairs and earlier beginnings set aside (earlier/, journal.*): yours to delete'),
    of('stays', rest, 'the journal, logs, results and reports: check, report and show read them'),
    looseObjects === 0
      ? ''
      : `${'git'.padEnd(textColumn)}${countText(looseObjects, 'loose object')} of the study: --yes packs them`,
  ].filter(Boolean);
}

/** Several while a keep is to be taken out: the one before it is the best then. */
function bestText(experiments: readonly number[]): string {
  return experiments.length === 1
    ? `the runs of the best, experiment ${experiments}, with its weights`
    : `the runs of the best, and of what is the best once the owner's revert is done (${experiments.join(', ')})`;
}

function totalOf({ trees, prepared, aside, rest }: DiskUse): number {
  return Object.values(trees).reduce((sum, { bytes }) => sum + bytes, prepared + aside + rest);
}
