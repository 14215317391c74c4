/**
 * The job of one run: its commands, their folders and their environment.
 */
import { dirname, join } from 'node:path';
import { formatExperiment } from '../../core/base/format.ts';
import type { Brief } from '../../core/brief/brief.ts';
import type { Argv } from '../../core/journal/settings/argv.ts';
import { maxDurationSeconds } from '../../core/journal/settings/parse-duration.ts';
import { checkBudgetSeconds } from '../../core/run/check-limit.ts';
import { progressPattern } from '../../core/run/progress.ts';
import { answersPattern } from '../../core/run/scoring-allowance.ts';
import { type DeclaredKnob, knobsFile } from '../../core/space/declared/declared-knob.ts';
import type { KnobValuesByName } from '../../core/space/declared/knobs-file.ts';
import { fillPlaces } from '../../core/space/declared/places.ts';
import type { Job, JobKey, Share, Stage } from '../../ports/engine.ts';
import type { RunKey } from '../../ports/run-folders.ts';
import type { Slots } from '../slots/slot.ts';
import { gitVariables } from './git-variables.ts';
import { noScratch, type ScratchVariables } from './scratch.ts';
import { stageCommand } from './stage-command.ts';

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
  /** What runs at once have of the machine each; absent where a lone run has all of it. */
  readonly slots?: Slots;
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
export function createRunJob(
  options: RunJobOptions,
  key: RunKey,
  places = noPlaces,
  scratch: ScratchVariables = noScratch,
): Job {
  const { brief, studyFolder } = options;
  const { id, folder } = jobKeyOf(studyFolder, key);
  const budgetSeconds = key.budgetSeconds ?? brief.budgetSeconds;
  const { variables, part } = partOf(options, key);
  const stageOf = stagesIn(options, folder, { seed: key.seed, budgetSeconds, variables }, places);
  const train = stageOf('train', brief.train, scratch.train);
  const stages = [brief.endAtBudget ? { ...train, endSeconds: budgetSeconds } : train];
  if (brief.score) {
    const scoring = {
      ...scratch.score,
      NOCTURNE_PRIVATE_DIR: options.privateFolder,
      NOCTURNE_SPLIT: key.split ?? 'validation',
    };
    stages.push(stageOf('score', brief.score, scoring));
  }
  return { id, folder, stages, limitSeconds: limitOf(brief, key), ...part };
}

/** What the run's slot has of the machine; nothing is said of a lone run that has all of it. */
function partOf({ slots, studyFolder }: RunJobOptions, { slot: number = 0 }: RunKey) {
  // Of a run that an earlier session with more slots began, nothing is started any more.
  const slot = slots?.each[number % slots.each.length];
  if (slot === undefined || slots?.where === undefined) return { variables: {}, part: {} };
  const { variables, processors, shared } = slot;
  const share: Share = {
    ...(processors && { processors }),
    ...(shared.length > 0 && { shared, among: studyFolder }),
  };
  const isPart = Object.keys(share).length > 0;
  return { variables, part: { ...(isPart && { share }), where: slots.where } };
}

interface StageGiven {
  readonly seed: number;
  readonly budgetSeconds: number;
  /** Those of its slot. */
  readonly variables: Readonly<Record<string, string>>;
}

/** Makes the stages of a run in this folder; `further` are variables of the one stage. */
function stagesIn(
  options: RunJobOptions,
  folder: string,
  { seed, budgetSeconds, variables }: StageGiven,
  { knobs, values }: KnobPlaces,
) {
  const { brief, sandboxInRepository, checkouts } = options;
  const editable = brief.edit.map((file) => join(sandboxInRepository, file));
  return (name: 'train' | 'score', argv: Argv, further: Readonly<Record<string, string>>): Stage => {
    const place = name === 'train' ? 'work' : 'score';
    const tree = join(folder, place);
    const stageFolder = join(tree, sandboxInRepository);
    const environment = {
      ...options.environment,
      ...variables,
      ...gitVariables(folder),
      NOCTURNE_SEED: String(seed),
      NOCTURNE_BUDGET_SECONDS: String(budgetSeconds),
      NOCTURNE_RUN_DIR: join(folder, 'output'),
      NOCTURNE_DATA_DIR: dataFolderOf(folder, place),
      // Where a script of any language finds the values of the declared knobs.
      ...(knobs.length === 0 ? {} : { NOCTURNE_KNOBS: join(stageFolder, knobsFile) }),
      ...further,
    };
    const ownTree = { tree, checkouts, editable, record: importsPath(folder, name) };
    const filled = fillPlaces(argv, knobs, values);
    const command = stageCommand({ ...options, argv: filled, folder: stageFolder, environment, ownTree });
    const noted = name === 'train' ? progressPattern : answersPattern;
    return { name, ...command, folder: stageFolder, watched: brief.edit, noted };
  };
}

/** Where the Python processes of a stage record what they import: in the job's folder, beside its logs. */
export function importsPath(folder: string, stage: Stage['name']): string {
  return join(folder, `${stage}-imports.tsv`);
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
  scratch: ScratchVariables = noScratch,
): Job | undefined {
  const job = createRunJob(options, { ...key, split: 'holdout' }, places, scratch);
  const score = job.stages.find((stage) => stage.name === 'score');
  return score && { ...job, ...holdoutKeyOf(options.studyFolder, key, attempt), stages: [score] };
}

/** How long a smoke run may take where its key does not say. */
const smokeLimitSeconds = 20;

/**
 * A short training without scoring, in a folder beside the runs; SMOKE=1 tells the script to shorten what the budget
 * does not.
 */
export function createSmokeJob(
  options: RunJobOptions,
  key: RunKey,
  name: string,
  places = noPlaces,
  scratch: ScratchVariables = noScratch,
): Job {
  const { brief, studyFolder } = options;
  const run = jobKeyOf(studyFolder, key);
  const folder = join(dirname(run.folder), name);
  const budgetSeconds = Math.min(checkBudgetSeconds, brief.budgetSeconds);
  const { variables, part } = partOf(options, key);
  const stageOf = stagesIn(options, folder, { seed: key.seed, budgetSeconds, variables }, places);
  const train = stageOf('train', brief.train, { ...scratch.train, SMOKE: '1' });
  const limitSeconds = key.limitSeconds ?? smokeLimitSeconds;
  return { id: `${run.id}/${name}`, folder, stages: [train], limitSeconds, ...part };
}
