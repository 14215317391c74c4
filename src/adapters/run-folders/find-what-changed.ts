/**
 * Finds what a run, a smoke run or the owner changed of a study's fixed data and of a run's own trees, and says it.
 *
 * It remembers of this session when all data were looked at last, and which runs it saw being laid out.
 */
import { join } from 'node:path';
import { StudyError } from '../../core/base/errors.ts';
import type { DataRemark, RunKey, RunOutputs } from '../../ports/run-folders.ts';
import type { Base } from './base.ts';
import { createDataRemarks } from './data-remarks.ts';
import type { Doer } from './deal-with-change.ts';
import { statOf } from './fingerprint.ts';
import type { Settlement } from './settlement.ts';
import type { TreeChange, TreeSeals } from './tree-seals.ts';

export interface ChangeFinderOptions {
  readonly base: Base;
  readonly seals: TreeSeals;
  readonly studyFolder: string;
  /** Absolute folder of a run. */
  readonly folderOf: (key: RunKey) => string;
}

/** What changed that should not have: this run did it, or perhaps one that was in flight beside it. */
export type Found = Pick<RunOutputs, 'changed' | 'doubtful'>;

export interface ChangeFinder {
  /** Before a run is laid out: what changed meanwhile is the owner's doing, or a smoke run's. Throws where data are lost. */
  readonly beforeRun: () => Promise<void>;
  /** A run was laid out, or one of an earlier session goes on. */
  readonly noteRun: (key: RunKey, isOfEarlier: boolean) => void;
  /** Whether what this run changes is the script's habit: it runs the owner's own code, and nothing else runs beside it. */
  readonly isLearning: (key: RunKey) => boolean;
  readonly noteSmokeRun: () => void;
  /** All data were looked at as they were sealed. */
  readonly noteSeal: () => void;
  /** What voids a run that has ended, or leaves it in doubt; `shared` is what its supervisor saw change that it shares with others. */
  readonly afterRun: (key: RunKey, shared: string | undefined) => Promise<Found>;
  /** The same after a look at all data, where that was left out. */
  readonly verify: (key: RunKey) => Promise<Found | undefined>;
  readonly lookAtStop: () => Promise<void>;
  /** What there is to say since the last call. */
  readonly dataRemarks: () => readonly DataRemark[];
}

export function createChangeFinder({ base, seals, studyFolder, folderOf }: ChangeFinderOptions): ChangeFinder {
  const remarks = createDataRemarks();
  // A run that an earlier session laid out is not here.
  const laid = new Set<string>();
  // When all data were last looked at, in milliseconds, and the last run since then.
  let lookedAt = 0;
  let unseen: RunKey | undefined;
  let isChecked = false;
  // A smoke run may have changed data, for which the run after it is not to blame.
  let isSmoked = false;

  // The runs in flight, by their folders; `doubt` is what was seen to change meanwhile that nobody knows the doer of.
  const inFlight = new Map<string, { readonly experiment: number; readonly doubt?: string }>();
  /** Blames a run for a change of what runs share, or leaves all that were in flight in doubt. */
  const blame = (key: RunKey, shared: string | undefined): Found => {
    const own = folderOf(key);
    const earlier = inFlight.get(own)?.doubt;
    inFlight.delete(own);
    if (earlier === undefined && (shared === undefined || inFlight.size === 0)) return { changed: shared };
    doubtAll(shared);
    return { changed: undefined, doubtful: earlier ?? shared };
  };
  const doubtAll = (doubt: string | undefined) => {
    if (doubt === undefined) return;
    for (const [folder, run] of inFlight) inFlight.set(folder, { doubt, ...run });
  };
  const isLearning = ({ experiment }: RunKey) =>
    experiment === 0 && [...inFlight.values()].every((run) => run.experiment === 0);

  const lookAfter = async (settlement: Settlement): Promise<Settlement> => {
    for (const message of settlement.messages) remarks.add({ message });
    if (settlement.moved !== undefined) remarks.add({ message: '', moved: settlement.moved });
    return settlement;
  };
  const smokeDoer: Doer = { kind: 'run', isBaseline: false, folder: studyFolder, isByScorer: () => false };
  /** Before the first run of a session: what changed since the last one is the owner's doing. */
  const checkFirst = async () => {
    const doer: Doer = { kind: 'owner', folder: studyFolder };
    const { lost } = isChecked ? { lost: undefined } : await lookAfter(await base.settle(doer, true));
    if (!isChecked) lookedAt = performance.now();
    isChecked = true;
    if (lost === undefined) return;
    await base.unseal();
    throw dataLost(lost);
  };
  const settle = async (key: RunKey, isThorough: boolean): Promise<string | undefined> => {
    const { voiding, lost } = await lookAfter(await base.settle(doerOf(isLearning(key), folderOf(key)), isThorough));
    unseen = isThorough ? undefined : key;
    if (isThorough) lookedAt = performance.now();
    // What cannot be put back is found again before the next run, which then does not start.
    isChecked = lost === undefined;
    return voiding ?? lost;
  };
  const findInTrees = async (key: RunKey): Promise<string | undefined> => {
    const found = await seals.findChanges(folderOf(key));
    if (found === 'spoiled') return 'trees.json';
    const { isBaseline, isByScorer } = doerOf(key.experiment === 0, folderOf(key));
    const { trees } = base.habits;
    const fresh = isBaseline ? found.filter(({ path }) => !trees.has(path)) : [];
    for (const { path } of fresh) trees.add(path);
    if (fresh.length > 0) await base.saveHabits();
    for (const { path, name } of fresh) if (path.startsWith('work/')) remarks.add({ message: ownCopy(name) });
    const isHabit = ({ path, ctime = Infinity }: TreeChange) =>
      trees.has(path) && (isBaseline || isInWork(path) || isByScorer(ctime));
    return found.find((change) => !isHabit(change))?.name;
  };

  return {
    beforeRun: async () => {
      await base.mendSeal();
      await checkFirst();
      if (isSmoked) doubtAll((await lookAfter(await base.settle(smokeDoer, false))).voiding);
      isSmoked = false;
    },
    noteRun: (key, isOfEarlier) => {
      const folder = folderOf(key);
      if (!isOfEarlier) laid.add(folder);
      if (!inFlight.has(folder)) inFlight.set(folder, { experiment: key.experiment });
    },
    isLearning,
    noteSmokeRun: () => {
      isSmoked = true;
    },
    noteSeal: () => {
      [isChecked, lookedAt] = [true, performance.now()];
    },
    afterRun: async (key, shared) => {
      const spoiled = await base.mendSeal();
      const isThorough = !isChecked || !laid.has(folderOf(key)) || base.isThoroughCheap(performance.now() - lookedAt);
      const [inData, inTrees] = [await settle(key, isThorough), await findInTrees(key)];
      const found = blame(key, shared ?? spoiled ?? inData);
      return found.changed === undefined && inTrees !== undefined ? { changed: inTrees } : found;
    },
    verify: async (key) => {
      const changed = unseen === undefined ? undefined : await settle(key, true);
      return changed === undefined ? undefined : blame(key, changed);
    },
    lookAtStop: async () => {
      if (unseen) await settle(unseen, true);
    },
    dataRemarks: remarks.take,
  };
}

/** The run whose output lies in this folder. */
function doerOf(isBaseline: boolean, folder: string): Doer & { readonly kind: 'run' } {
  const scoringSince = statOf(join(folder, 'score.log'))?.birthtimeMs ?? 0;
  const isByScorer = (ctime: number) => scoringSince > 0 && ctime >= scoringSince;
  return { kind: 'run', isBaseline, folder, isByScorer };
}

/** Whether a path is where training may write, not the scorer's. */
function isInWork(path: string): boolean {
  return path.startsWith('work/') || path.startsWith('data/work/');
}

function ownCopy(name: string): string {
  return `The script changes ${name}, which git tracks: every run starts with the committed one and changes a copy of its own.`;
}

function dataLost(path: string): StudyError {
  return new StudyError(`The study's prepared data changed since it was prepared: ${path}.`, {
    hint: 'Run the study again: `prepare` then makes the data anew, and what was found so far stays.',
  });
}
