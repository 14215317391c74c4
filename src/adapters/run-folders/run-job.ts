/**
 * The job of one run: its commands, their folders and their environment.
 */
import { dirname, join } from 'node:path';
import { ok } from '../../core/base/errors.ts';
import { formatExperiment } from '../../core/base/format.ts';
import type { Brief } from '../../core/brief/brief.ts';
import type { Argv } from '../../core/journal/settings/argv.ts';
import { maxDurationSeconds } from '../../core/journal/settings/parse-duration.ts';
import { type DeclaredKnob, knobsFile } from '../../core/space/declared/declared-knob.ts';
import type { KnobValuesByName } from '../../core/space/declared/knobs-file.ts';
import { fillPlaces } from '../../core/space/declared/places.ts';
import type { Job, JobKey, Stage } from '../../ports/engine.ts';
import type { RunKey } from '../../ports/run-folders.ts';
import { readNotebookCommand, runnerArgv } from '../notebooks/notebook-command.ts';
import { readEnvCommand } from './env-command.ts';
import { withoutBytecode } from './environment.ts';
import { type OwnTree, withOwnTree } from './own-tree.ts';
import { withProjectTools } from './project-tools.ts';

export interface RunJobOptions {
  readonly brief: Brief;
  readonly studyFolder: string;
  readonly sandboxInRepository: string;
  readonly interpreter: string;
  /** The variables that every run gets in addition to its own. */
  readonly environment: Readonly<Record<string, string>>;
  readonly privateFolder: string;
  /** The top level of the owner's repository, absolute. */
  readonly checkout: string;
  /** Absolute folders that the code may have been installed from: the owner's repository, the base of the study. */
  readonly checkouts: readonly string[];
}

/** The job of a run, as the engine knows it: `0007/run-1` or `confirm-1/final/run-1`, in the folder of that name. */
export function jobKeyOf(
  studyFolder: string,
  { experiment, run, confirmation }: Pick<RunKey, 'experiment' | 'run' | 'confirmation'>,
): JobKey {
  const owner = confirmation
    ? `${confirmationFolder(confirmation.confirmation)}/${confirmation.contender}`
    : formatExperiment(experiment);
  return keyBelow(studyFolder, `${owner}/run-${run}`);
}

/** The job that grades a run on the holdout, in a folder within the run's. */
export function holdoutKeyOf(studyFolder: string, key: RunKey, attempt: number): JobKey {
  return keyBelow(studyFolder, `${jobKeyOf(studyFolder, key).id}/holdout-${attempt}`);
}

function keyBelow(studyFolder: string, id: string): JobKey {
  return { id, folder: join(studyFolder, id) };
}

/** The name of the folder that holds a confirmation's contenders. */
export function confirmationFolder(confirmation: number): string {
  return `confirm-${confirmation}`;
}

/** Values of declared knobs, which fill the places of the commands. */
export interface KnobPlaces {
  readonly knobs: readonly DeclaredKnob[];
  readonly values: KnobValuesByName;
}

const noPlaces: KnobPlaces = { knobs: [], values: {} };

/** Training in `work/`, then the brief's scorer in `score/`, a checkout of the same commit in which no training ran. */
export function createRunJob(options: RunJobOptions, key: RunKey, { knobs, values } = noPlaces): Job {
  const { brief, studyFolder, sandboxInRepository, privateFolder, interpreter } = options;
  const { id, folder } = jobKeyOf(studyFolder, key);
  const budgetSeconds = key.budgetSeconds ?? brief.budgetSeconds;
  const env = {
    ...options.environment,
    NOCTURNE_SEED: String(key.seed),
    NOCTURNE_BUDGET_SECONDS: String(budgetSeconds),
    NOCTURNE_RUN_DIR: join(folder, 'output'),
  };
  const stageOf = (name: 'train' | 'score', argv: Argv, tree: 'work' | 'score', more = {}): Stage => {
    const stageFolder = join(folder, tree, sandboxInRepository);
    const data = dataFolderOf(folder, tree);
    const own = ownTreeOf(options, join(folder, tree), importsPath(folder, name));
    const { command, variables } = readEnvCommand(fillPlaces(argv, knobs, values), stageFolder);
    const given = { ...env, NOCTURNE_DATA_DIR: data, ...knobsVariable(knobs, stageFolder), ...more, ...variables };
    return {
      name,
      argv: resolveArgv(command, interpreter),
      folder: stageFolder,
      env: withOwnTree(withProjectTools(given, command, interpreter, options.checkout), own),
      watched: brief.edit,
    };
  };
  const train = stageOf('train', brief.train, 'work', withoutBytecode);
  const stages = [brief.endAtBudget ? { ...train, endSeconds: budgetSeconds } : train];
  if (brief.score) {
    const scoring = {
      NOCTURNE_PRIVATE_DIR: privateFolder,
      NOCTURNE_SPLIT: key.split ?? 'validation',
      PYTHONPYCACHEPREFIX: join(studyFolder, 'score-bytecode'),
    };
    stages.push(stageOf('score', brief.score, 'score', scoring));
  }
  return { id, folder, stages, limitSeconds: limitOf(brief, key) };
}

/** Where the Python processes of a stage record what they import: in the job's folder, beside its logs. */
export function importsPath(folder: string, stage: Stage['name']): string {
  return join(folder, `${stage}-imports.tsv`);
}

function ownTreeOf({ brief, sandboxInRepository, checkouts }: RunJobOptions, tree: string, record: string): OwnTree {
  return { tree, checkouts, record, editable: brief.edit.map((file) => join(sandboxInRepository, file)) };
}

/** Where a script of any language finds the values of the declared knobs. */
function knobsVariable(knobs: readonly DeclaredKnob[], sandbox: string): Record<string, string> {
  return knobs.length === 0 ? {} : { NOCTURNE_KNOBS: join(sandbox, knobsFile) };
}

/** Where a stage sees the study's data: in a folder of the run, so that a file written there is the run's own. */
export function dataFolderOf(runFolder: string, tree: 'work' | 'score'): string {
  return join(runFolder, 'data', tree);
}

/** The brief's time limit; for another budget it grows as the budget does. */
function limitOf({ timeoutSeconds, budgetSeconds }: Brief, key: RunKey): number {
  const { budgetSeconds: asked = budgetSeconds, limitSeconds = timeoutSeconds } = key;
  return Math.min(maxDurationSeconds, limitSeconds * (asked / budgetSeconds));
}

/**
 * The scorer alone, in `score/`, on what the run saved; its logs go to a folder within the run's. Undefined for a brief
 * without a scorer.
 */
export function createHoldoutJob(
  options: RunJobOptions,
  key: RunKey,
  attempt: number,
  places = noPlaces,
): Job | undefined {
  const job = createRunJob(options, { ...key, split: 'holdout' }, places);
  const score = job.stages.find((stage) => stage.name === 'score');
  return score && { ...job, ...holdoutKeyOf(options.studyFolder, key, attempt), stages: [score] };
}

/**
 * The command with `python` or `python3` replaced by the path of the study's interpreter: some systems lack a `python`. One that
 * executes a notebook runs through our own runner.
 */
export function resolveArgv(argv: Argv, interpreter: string): Argv {
  const notebook = readNotebookCommand(argv);
  if (notebook !== undefined) return runnerArgv(notebook, interpreter);
  const [command = '', ...rest] = argv;
  return [command === 'python' || command === 'python3' ? interpreter : command, ...rest];
}

/** How long a smoke run may take. */
const smokeLimitSeconds = 20;
/** The training budget of a smoke run: long enough to crash, too short to measure. */
const smokeBudgetSeconds = 2;

/**
 * A short training without scoring, in a folder beside the runs; SMOKE=1 tells the script to shorten what the budget
 * does not.
 */
export function createSmokeJob(options: RunJobOptions, key: RunKey, name: string, places = noPlaces): Job {
  const job = createRunJob(options, key, places);
  const [train] = job.stages;
  ok(train !== undefined, 'a run trains');
  const folder = join(dirname(job.folder), name);
  const budgetSeconds = Math.min(smokeBudgetSeconds, options.brief.budgetSeconds);
  const given = {
    ...train.env,
    PYTHONPATH: options.environment.PYTHONPATH ?? '',
    ...knobsVariable(places.knobs, join(folder, 'work', options.sandboxInRepository)),
    SMOKE: '1',
    NOCTURNE_BUDGET_SECONDS: String(budgetSeconds),
    NOCTURNE_RUN_DIR: join(folder, 'output'),
    NOCTURNE_DATA_DIR: dataFolderOf(folder, 'work'),
  };
  const env = withOwnTree(given, ownTreeOf(options, join(folder, 'work'), importsPath(folder, 'train')));
  const stage = { ...train, folder: join(folder, 'work', options.sandboxInRepository), env };
  return { id: `${job.id}/${name}`, folder, stages: [stage], limitSeconds: smokeLimitSeconds };
}
