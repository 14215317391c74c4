/**
 * `nocturne export`: the command and its flags.
 */
import { dirname, resolve } from 'node:path';
import type { Command } from 'commander';
import { ResearchError, SettingsError } from '../../core/base/errors.ts';
import { countText } from '../../core/base/format.ts';
import { type TrackerName, trackerNames } from '../../core/base/names.ts';
import { locateBrief } from '../compose/locate-brief.ts';
import { readTrackerName, trackerOptions, trackers } from '../compose/trackers.ts';
import type { Exported } from '../session/export-study.ts';
import { parseTag } from '../session/parse-tag.ts';
import { type FoundStudy, findStudy } from '../study-folder/studies.ts';
import { printJson, say } from '../terminal/print.ts';

interface ExportFlags {
  readonly to?: string;
  readonly tag?: string;
  readonly brief?: string;
  readonly out?: string;
  readonly uri?: string;
  readonly project?: string;
  readonly yes?: boolean;
  readonly json?: boolean;
}

/** Adds the command. */
export function addExport(program: Command): void {
  const list = Object.entries(trackers).map(([name, { what }]) => `  ${name.padEnd(12)} ${what}`);
  program
    .command('export')
    .summary('send a study to a tracker of experiments')
    .description(
      'Sends the experiments of a study that have their last word to a tracker: parameters, metrics, curves, diffs. Run again, it sends what was not sent yet.',
    )
    .option('--to <tracker>', `where to: ${trackerNames.join(', ')}`)
    .option('--out <folder>', "folder to write into (default: the brief's, else one in runs/<tag>/)")
    .option('--uri <url>', "address of the server (default: the brief's)")
    .option('--project <name>', "what the study belongs to there (default: the folder's name)")
    .option('--yes', 'install the Python package that the tracker needs without asking')
    .option('--tag <tag>', 'name of the study (default: the one worked on last)', parseTag)
    .option('--brief <path>', 'program.md, or the folder that has one')
    .option('--json', 'JSON on stdout')
    .addHelpText('after', `\nTrackers:\n${list.join('\n')}`)
    .action(run);
}

async function run({ to, out, uri, ...flags }: ExportFlags): Promise<void> {
  if (to === undefined) throw nowhere;
  const name = readTrackerName(to);
  const row = trackers[name];
  for (const [flag, value] of Object.entries({ out, uri })) {
    if (value === undefined || row.takes === flag) continue;
    throw new SettingsError(`--${flag} is for other trackers than ${to}.`, { hint: `It takes --${row.takes}.` });
  }
  const study = findStudy(flags.brief, flags.tag);
  const { exportStudy } = await import('../session/export-study.ts');
  const runs = dirname(study.folder);
  const options = trackerOptions(name, await placeInBrief(study, name), {
    folder: dirname(runs),
    runs,
    tag: study.tag,
    interpreter: study.history.interpreter,
    isYes: flags.yes ?? false,
  });
  const tracker = await row.open({
    ...options,
    ...(out !== undefined && { out: resolve(out) }),
    ...(uri !== undefined && { uri }),
    ...(flags.project !== undefined && { project: flags.project }),
  });
  const exported = await exportStudy(study, name, tracker);
  if (flags.json) printJson(exported);
  else say(exportedText(exported));
}

/** Where the study is sent while it runs; empty where its brief does not say, or cannot be read. */
async function placeInBrief({ briefArgument }: FoundStudy, name: TrackerName): Promise<string> {
  try {
    return (await locateBrief(briefArgument)).brief.trackers[name] ?? '';
  } catch (error) {
    if (error instanceof ResearchError) return '';
    throw error;
  }
}

const nowhere = new SettingsError(`--to must name a tracker: ${trackerNames.join(', ')}.`, {
  hint: 'Such as `nocturne export --to csv`.',
});

function exportedText({ tag, place, sent, before, open }: Exported): string {
  const more = [
    before.length === 0 ? '' : `${before.length} ${before.length === 1 ? 'was' : 'were'} there before`,
    open.length === 0
      ? ''
      : `${open.length} without a last word ${open.length === 1 ? 'waits' : 'wait'} for the next export`,
  ].filter(Boolean);
  return `${countText(sent.length, 'experiment')} of study ${tag} sent to ${place}${more.length === 0 ? '' : `; ${more.join(', ')}`}.`;
}
