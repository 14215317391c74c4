/**
 * Finds what a run, a smoke run or the owner changed of a study's fixed data and of a run's own trees, and says it.
 *
 * It remembers of this session when all data were looked at last, and which runs it saw being laid out.
 */
import { join } from 'node:path';
import { StudyError } from '../../core/base/errors.ts';
import type { Notice, RunKey } from '../../ports/run-folders.ts';
import type { Base } from './base.ts';
import type { Doer } from './deal-with-change.ts';
import { statOf } from './fingerprint.ts';
import { createNotices } from './notices.ts';
import type { Settlement } from './settlement.ts';
import type { TreeChange, TreeSeals } from './tree-seals.ts';

export interface ChangeFinderOptions {
  readonly base: Base;
  readonly seals: TreeSeals;
  readonly studyFolder: string;
  /** Absolute folder of a run. */
  readonly folderOf: (key: RunKey) => string;
}

export interface ChangeFinder {
  /** Before a run is laid out: what changed meanwhile is the owner's doing, or a smoke run's. Throws where data are lost. */
  readonly beforeRun: () => Promise<void>;
  /** A run was laid out in this folder. */
  readonly noteRun: (folder: string) => void;
  readonly noteSmokeRun: () => void;
  /** All data were looked at as they were sealed. */
  readonly noteSeal: () => void;
  /** What voids a run that has ended; undefined for nothing. */
  readonly afterRun: (key: RunKey) => Promise<string | undefined>;
  /** The same after a look at all data, where that was left out. */
  readonly verify: (key: RunKey) => Promise<string | undefined>;
  readonly lookAtStop: () => Promise<void>;
  /** What there is to say since the last call. */
  readonly notices: () => readonly Notice[];
}

export function createChangeFinder({ base, seals, studyFolder, folderOf }: ChangeFinderOptions): ChangeFinder {
  const notices = createNotices();
  // A run that an earlier session laid out is not here.
  const laid = new Set<string>();
  // When all data were last looked at, in milliseconds, and the last run since then.
  let lookedAt = 0;
  let unseen: RunKey | undefined;
  let isChecked = false;
  // A smoke run may have changed data, for which the run after it is not to blame.
  let isSmoked = false;

  const lookAfter = async (settlement: Settlement): Promise<Settlement> => {
    for (const message of settlement.messages) notices.add({ message });
    if (settlement.moved !== undefined) notices.add({ message: '', moved: settlement.moved });
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
    const { voiding, lost } = await lookAfter(await base.settle(doerOf(key, folderOf(key)), isThorough));
    unseen = isThorough ? undefined : key;
    if (isThorough) lookedAt = performance.now();
    // What cannot be put back is found again before the next run, which then does not start.
    isChecked = lost === undefined;
    return voiding ?? lost;
  };
  const findInTrees = async (key: RunKey): Promise<string | undefined> => {
    const found = await seals.findChanges(folderOf(key));
    if (found === 'spoiled') return 'trees.json';
    const { isBaseline, isByScorer } = doerOf(key, folderOf(key));
    const { trees } = base.habits;
    const fresh = isBaseline ? found.filter(({ path }) => !trees.has(path)) : [];
    for (const { path } of fresh) trees.add(path);
    if (fresh.length > 0) await base.saveHabits();
    for (const { path, name } of fresh) if (path.startsWith('work/')) notices.add({ message: ownCopy(name) });
    const isHabit = ({ path, ctime = Infinity }: TreeChange) =>
      trees.has(path) && (isBaseline || isInWork(path) || isByScorer(ctime));
    return found.find((change) => !isHabit(change))?.name;
  };

  return {
    beforeRun: async () => {
      await base.mendSeal();
      await checkFirst();
      if (isSmoked) await lookAfter(await base.settle(smokeDoer, false));
      isSmoked = false;
    },
    noteRun: (folder) => void laid.add(folder),
    noteSmokeRun: () => {
      isSmoked = true;
    },
    noteSeal: () => {
      [isChecked, lookedAt] = [true, performance.now()];
    },
    afterRun: async (key) => {
      const spoiled = await base.mendSeal();
      const isThorough = !isChecked || !laid.has(folderOf(key)) || base.isThoroughCheap(performance.now() - lookedAt);
      const [inData, inTrees] = [await settle(key, isThorough), await findInTrees(key)];
      return spoiled ?? inData ?? inTrees;
    },
    verify: async (key) => (unseen === undefined ? undefined : settle(key, true)),
    lookAtStop: async () => {
      if (unseen) await settle(unseen, true);
    },
    notices: notices.take,
  };
}

/** The run whose output lies in this folder. */
function doerOf({ experiment }: RunKey, folder: string): Doer & { readonly kind: 'run' } {
  const scoringSince = statOf(join(folder, 'score.log'))?.birthtimeMs ?? 0;
  const isByScorer = (ctime: number) => scoringSince > 0 && ctime >= scoringSince;
  return { kind: 'run', isBaseline: experiment === 0, folder, isByScorer };
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
