/**
 * `nocturne run`: starts the study of this brief and tag, or goes on where it stopped.
 */
import { join } from 'node:path';
import type { Command } from 'commander';
import { resolveStart } from '../adapters/git/start-point.ts';
import { createKnobReader } from '../adapters/python/knob-reader.ts';
import { takeRunLock } from '../adapters/run-lock.ts';
import type { Brief } from '../core/brief.ts';
import { buildSpace } from '../core/derive-range.ts';
import { ResearchError, SettingsError, StudyError } from '../core/errors.ts';
import type { Stop } from '../core/stopping.ts';
import { type Beginning, prepareStudy, resumeStudy, startStudy } from '../loop/begin.ts';
import { research } from '../loop/research.ts';
import { openStudy, type Study } from '../loop/study.ts';
import { createWorkspace, openLab } from './compose.ts';
import { findPlace, type Place } from './place.ts';
import { say } from './print.ts';
import { preparePython } from './python.ts';
import { createRenderer } from './render/render.ts';
import { createResultFiles } from './result-files.ts';
import { applyFlags, parseCount, parseNumber, parsePositive, parseTag, type RunFlags } from './settings.ts';
import { listenForStop } from './stop-signals.ts';
import { hasJournal } from './studies.ts';
import { chooseTag } from './tag.ts';
import { packageVersion } from './version.ts';

/** Adds the command and its flags. */
export function addRun(program: Command): void {
  program
    .command('run')
    .summary('start, or resume, the study of a brief')
    .description('Starts the study of a brief, or goes on where it stopped.')
    .argument('[brief]', 'program.md, or the folder that has one', '.')
    .option('--tag <tag>', 'name of the study (default: the newest unfinished one, else today)', parseTag)
    .option('--from <ref>', 'commit that a new study starts from, or `worktree` (default: HEAD)')
    .option('--researcher <name>', 'who proposes: random, grid')
    .option('--policy <name>', 'who decides: greedy')
    .option('--budget <duration>', 'training time per run, such as 30s or 5m')
    .option('--max-experiments <count>', "the study's total of experiments", parseCount)
    .option('--max-hours <hours>', 'live hours of the study', parsePositive)
    .option('--target <value>', 'stop when the metric is this good', parseNumber)
    .option('--seed <text>', 'what the seeds of a new study are hashed from (default: the tag)')
    .option('--engine <name>', 'where runs execute: local')
    .option('--python <path>', 'interpreter that runs use')
    .option('--no-isolation', 'run training code with your own rights (there is no other way in this version)')
    .option('--yes', 'install what the sandbox requires without asking')
    .option('--plain', 'plain lines instead of a live footer')
    .option('--json', 'one event per line on stdout')
    .action(async (brief: string, flags: RunFlags) => {
      const { exitCode } = await runStudy(brief, flags);
      process.exitCode = exitCode;
    });
}

export interface RunEnd {
  readonly stop: Stop;
  readonly exitCode: number;
  readonly tag: string;
}

/** Runs a study until it stops. Throws ResearchErrors only. */
export async function runStudy(briefArgument: string, flags: RunFlags): Promise<RunEnd> {
  const place = await findPlace(briefArgument);
  const brief = applyFlags(place.brief, flags);
  const tag = chooseTag(place.runs, flags.tag, new Date());
  const isNew = !hasJournal(place.runs, tag);
  const interpreter = await preparePython(place, flags.python, flags.yes ?? false);
  const beginning = isNew ? await beginningOf(place, brief, tag, interpreter, flags) : undefined;
  if (!isNew) refuseStartFlags(tag, flags);

  const studyFolder = join(place.runs, tag);
  const lock = await takeRunLock(studyFolder, tag, () => new Date().toISOString());
  const signals = listenForStop(async () => lock.release());
  const resultFiles = createResultFiles(studyFolder);
  const renderer = createRenderer({
    isJson: flags.json ?? false,
    isPlain: flags.plain ?? false,
    budgetSeconds: brief.budgetSeconds,
  });
  const emit = (event: Parameters<typeof renderer.emit>[0]) => {
    renderer.emit(event);
    resultFiles.note(event);
  };
  const lab = await openLab({ place, brief, tag, interpreter, emit });
  try {
    if (lab.archive.tornPath)
      say(`A line torn by a crash was moved to ${lab.archive.tornPath}; nothing else was lost.`);
    const { study, hasStarted } = await openStudy(lab, signals.signal);
    resultFiles.open(study.history);
    if (hasStarted) await resumeStudy(study, isolation);
    else if (beginning) await startStudy(study, beginning);
    const stop = await conduct(study);
    return { stop, tag, exitCode: signals.wasInterrupted() ? 130 : 0 };
  } finally {
    renderer.close();
    await resultFiles.close();
    await lab.archive.close();
    await lock.release();
    signals.dispose();
  }
}

/** What a report may say of the cage around the runs; there is none in this version. */
const isolation = 'none';

async function conduct(study: Study): Promise<Stop> {
  try {
    await prepareStudy(study);
    return await research(study);
  } catch (error) {
    // From here on the study has begun: what goes wrong now is a failure of the study, not of how it was asked for.
    if (!(error instanceof ResearchError) || error instanceof StudyError) throw error;
    throw new StudyError(error.message, { ...(error.hint === undefined ? {} : { hint: error.hint }), cause: error });
  }
}

/** Everything that can be wrong with a new study is found here, before anything is written. */
async function beginningOf(
  place: Place,
  brief: Brief,
  tag: string,
  interpreter: string,
  flags: RunFlags,
): Promise<Beginning> {
  const { start, warnings } = await resolveStart({
    root: place.root,
    sandbox: place.sandboxInRepository,
    edit: brief.edit,
    include: place.includeInRepository,
    briefPath: place.briefInRepository,
    ...(flags.from === undefined ? {} : { from: flags.from }),
  });
  for (const warning of warnings) say(`warning: ${warning}`);
  await checkSpace(place, brief, tag, interpreter, start);
  return {
    tag,
    study: flags.seed ?? tag,
    briefPath: place.briefInRepository,
    start,
    isolation,
    interpreter,
    version: packageVersion(),
  };
}

async function checkSpace(place: Place, brief: Brief, tag: string, interpreter: string, start: string): Promise<void> {
  const files = await createWorkspace(place, tag).read(start);
  const reading = await createKnobReader(interpreter).read(files);
  if (reading.kind === 'unreadable') throw new SettingsError(`The editable files do not parse: ${reading.reason}.`);
  if (buildSpace(reading.knobs, brief.space, place.path).length > 0) return;
  throw new SettingsError(`The ${brief.researcher} researcher has no knob to turn in ${brief.edit.join(', ')}.`, {
    hint: 'Give the script constants such as `LEARNING_RATE = 0.1` at top level, or declare ranges under `space:`.',
  });
}

function refuseStartFlags(tag: string, flags: RunFlags): void {
  const flag = flags.from !== undefined ? '--from' : flags.seed !== undefined ? '--seed' : undefined;
  if (flag === undefined) return;
  throw new SettingsError(`${flag} is for a new study, and study ${tag} has begun.`, {
    hint: 'Leave the flag out to go on, or start a new study with --tag.',
  });
}
