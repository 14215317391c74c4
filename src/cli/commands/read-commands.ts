/**
 * The commands that only read a study: `status`, `log`, `show`, `diff`.
 */
import type { Command } from 'commander';
import { SettingsError } from '../../core/base/errors.ts';
import { plainText } from '../../core/base/plain-text.ts';
import { experimentRows } from '../../core/journal/experiment-row.ts';
import { confirmedStatus } from '../../core/views/confirmed-status.ts';
import { logLines } from '../render/log-lines.ts';
import { showText } from '../render/show-text.ts';
import { confirmedLine, statusText, trackerLines } from '../render/status-text.ts';
import { parseExperiment } from '../session/parse-number.ts';
import { parseTag } from '../session/parse-tag.ts';
import { readBestPatch, readExperiment, readPatch, requireExperiment } from '../study-folder/read-experiment.ts';
import { readStatus } from '../study-folder/read-status.ts';
import { type FoundStudy, findStudy } from '../study-folder/studies.ts';
import { printData, printJson, say } from '../terminal/print.ts';

interface LookFlags {
  readonly tag?: string;
  readonly json?: boolean;
  readonly brief?: string;
}

/** Adds the commands. */
export function addReadCommands(program: Command): void {
  look(program, 'status', 'where a study stands').action(showStatus);
  look(program, 'log', 'one line per experiment')
    .option('--why', 'below each, why `auto` asked who proposed it')
    .action(showLog);
  look(program, 'show', 'one experiment: hypothesis, diff, runs, verdict', '<number>').action(showExperiment);
  look(program, 'diff', "one experiment's diff, or what all that was kept changed", '[number]')
    .option('--best', 'from the start of the study to the best of it')
    .action(showDiff);
}

function look(program: Command, name: string, summary: string, argument?: string): Command {
  const command = program.command(name).summary(summary).description(`Shows ${summary}.`);
  if (argument !== undefined) command.argument(argument, 'number of the experiment', parseExperiment);
  return command
    .option('--tag <tag>', 'name of the study (default: the one worked on last)', parseTag)
    .option('--brief <path>', 'program.md, or the folder that has one')
    .option('--json', 'JSON on stdout');
}

async function showStatus(flags: LookFlags): Promise<void> {
  const { status, mirrorLine } = await readStatus(findStudy(flags.brief, flags.tag));
  if (flags.json) return printJson(status);
  const more = mirrorLine === undefined ? [] : [`mirror    ${mirrorLine}`];
  printData([statusText(status), ...trackerLines(status.trackers), ...more].join('\n'));
}

function showLog(flags: LookFlags & { readonly why?: boolean }): void {
  const study = findStudy(flags.brief, flags.tag);
  const { history } = study;
  const rows = experimentRows(history);
  if (flags.json) {
    for (const { reason: _, ...row } of rows) printJson(row);
    return;
  }
  printData(logLines(history, rows, process.stdout, flags.why));
  const confirmed = confirmedStatus(study);
  if (confirmed) printData(confirmedLine(confirmed));
}

async function showExperiment(experiment: number, flags: LookFlags): Promise<void> {
  const study = findStudy(flags.brief, flags.tag);
  if (flags.json) return printJson(await readExperiment(study, experiment));
  const record = requireExperiment(study, experiment);
  printData(showText(study, record, plainText(await readPatch(study, experiment))));
}

async function showDiff(experiment: number | undefined, flags: LookFlags & { readonly best?: boolean }): Promise<void> {
  if ((experiment === undefined) !== (flags.best === true)) throw oneOfThem;
  const study = findStudy(flags.brief, flags.tag);
  if (experiment === undefined) return showBestDiff(study, flags);
  requireExperiment(study, experiment);
  const patch = await readPatch(study, experiment);
  if (flags.json) printJson({ experiment, patch });
  else if (patch !== '') printData(patch);
  else
    say(experiment === 0 ? 'The baseline has no diff.' : `The diff of experiment ${experiment} is not there any more.`);
}

const oneOfThem = new SettingsError('`nocturne diff` takes the number of an experiment, or --best.', {
  hint: 'List the experiments with `nocturne log`.',
});

async function showBestDiff(study: FoundStudy, { json }: LookFlags): Promise<void> {
  const patch = await readBestPatch(study);
  if (json) printJson({ experiment: study.history.incumbent, patch });
  else if (patch !== '') printData(patch);
  else say('Nothing was kept: the best is the script as it was.');
}
