/**
 * The commands that only read a study: `status`, `log`, `show`, `diff`.
 */
import { join } from 'node:path';
import type { Command } from 'commander';
import { exists } from '../../adapters/files/exists.ts';
import { freeBytes } from '../../adapters/files/has-room.ts';
import { readText } from '../../adapters/files/read-file.ts';
import { mirrorStateFile, noRoomFile } from '../../adapters/files/study-files.ts';
import { SettingsError } from '../../core/base/errors.ts';
import { formatBytes, formatExperiment } from '../../core/base/format.ts';
import { plainText } from '../../core/base/plain-text.ts';
import { gaugeOf } from '../../core/confirm/read-gauge.ts';
import { experimentRow, experimentRows } from '../../core/journal/experiment-row.ts';
import { type ExperimentRecord, experimentOf } from '../../core/journal/history.ts';
import { settledExperiments } from '../../core/journal/study-commits.ts';
import { confirmedStatus } from '../../core/views/confirmed-status.ts';
import { statusOfStudy } from '../../core/views/status.ts';
import { logLines } from '../render/log-lines.ts';
import { givenUpFor, showText } from '../render/show-text.ts';
import { confirmedLine, statusText } from '../render/status-text.ts';
import { parseExperiment } from '../session/parse-number.ts';
import { parseTag } from '../session/parse-tag.ts';
import { isWorkedOn } from '../study-folder/is-worked-on.ts';
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
  const study = findStudy(flags.brief, flags.tag);
  const isLive = await isWorkedOn(study.folder);
  const status = statusOfStudy(study, new Date().toISOString(), isLive);
  const mirror = await readMirror(study);
  const free = isLive ? await roomAwaited(study.folder) : undefined;
  if (flags.json) {
    printJson({
      ...status,
      ...(free !== undefined && { roomAwaited: { free } }),
      ...(mirror?.state && { mirror: mirror.state }),
    });
    return;
  }
  const waits =
    free === undefined
      ? []
      : [`paused    no room is left on the disk (${formatBytes(free)} free); it goes on when there is`];
  const more = [...waits, ...(mirror ? [`mirror    ${mirror.line}`] : [])];
  printData([statusText(status), ...more].join('\n'));
}

/** The bytes that are free on the disk of a study that waits for room there; undefined for one that does not. */
async function roomAwaited(studyFolder: string): Promise<number | undefined> {
  const free = await freeBytes(studyFolder);
  return free === 0 || (await exists(join(studyFolder, noRoomFile))) ? free : undefined;
}

// What checks this file takes a third of a short command's time, so it is loaded only where it is.

/** The mirror's state and what to say of it; undefined for a study without a mirror. */
async function readMirror({ folder, history }: FoundStudy) {
  if (!(await exists(join(folder, mirrorStateFile)))) return undefined;
  const { mirrorText, readMirrorState } = await import('../study-folder/mirror-state.ts');
  const file = await readMirrorState(folder);
  if (file.kind === 'read') return { state: file.value, line: mirrorText(file.value, settledExperiments(history)) };
  const found = file.kind === 'malformed' ? file.found : 'gone';
  return { line: `unknown: mirror.json is ${found}; remove it, and the next save writes it anew` };
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
  const record = requireExperiment(study, experiment);
  const patch = await readPatch(study, experiment);
  const gauge = gaugeOf(study)?.rows.find((row) => row.experiment === experiment) ?? null;
  const refusals = givenUpFor(study.history, experiment);
  if (flags.json) printJson({ ...experimentRow(study.history, record), ...record, gauge, patch, refusals });
  else printData(showText(study, record, plainText(patch)));
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

/** What was kept as one diff, ready for `git apply`. */
async function showBestDiff(study: FoundStudy, { json }: LookFlags): Promise<void> {
  const { incumbent } = study.history;
  const patch = incumbent === 0 ? '' : await readBestPatch(study);
  if (json) printJson({ experiment: incumbent, patch });
  else if (patch !== '') printData(patch);
  else say('Nothing was kept: the best is the script as it was.');
}

function requireExperiment({ history, tag }: FoundStudy, experiment: number): ExperimentRecord {
  const record = history.experiments[experiment];
  if (record) return record;
  const idea = givenUpFor(history, experiment).at(-1);
  if (idea !== undefined) {
    throw new SettingsError(
      `Study ${tag} has no experiment ${experiment} yet: its last idea came to nothing, ${plainText(idea.title) || 'without a title'}: ${plainText(idea.reason)}`,
      { hint: `List the experiments with \`nocturne log --tag ${tag}\`.` },
    );
  }
  throw new SettingsError(
    `Study ${tag} has no experiment ${experiment}; it has 0 to ${history.experiments.length - 1}.`,
    {
      hint: `List them with \`nocturne log --tag ${tag}\`.`,
    },
  );
}

async function readBestPatch({ folder, history, tag }: FoundStudy): Promise<string> {
  const [{ openGit }, { diffOf }] = await Promise.all([
    import('../../adapters/git/git.ts'),
    import('../../adapters/git/diff.ts'),
  ]);
  const best = experimentOf(history, history.incumbent).kept ?? history.start;
  return diffOf(openGit(folder), history.start, best).catch((error: unknown) => {
    throw new SettingsError(`The commits of study ${tag} are not in the repository of ${folder}.`, {
      hint: 'Look where the study was run, or bring it back from its mirror with `nocturne run --restore`.',
      cause: error,
    });
  });
}

/** Empty for the baseline, which has no patch, and for an experiment whose folder was deleted. */
async function readPatch(study: FoundStudy, experiment: number): Promise<string> {
  return (await readText(join(study.folder, formatExperiment(experiment), 'patch.diff'))) ?? '';
}
