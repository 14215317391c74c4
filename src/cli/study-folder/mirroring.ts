/**
 * Keeps a mirror up to date while the loop runs: after every experiment, in the background, one save at a time, each
 * with a time limit.
 *
 * A mirror that fails neither slows nor ends the study. What is missing in it is printed when that changes and at the
 * end, and is kept in `mirror.json` for `status`.
 */
import { join } from 'node:path';
import { takeSnapshot } from '../../adapters/mirrors/snapshot.ts';
import type { History } from '../../core/journal/history.ts';
import type { LoopEvent } from '../../core/journal/loop-event.ts';
import { settledExperiments } from '../../core/journal/study-commits.ts';
import type { Mirror } from '../../ports/mirror.ts';
import { type MirrorState, mirrorText, writeMirrorState } from './mirror-state.ts';

export interface MirroringOptions {
  readonly mirror: Mirror;
  readonly studyFolder: string;
  readonly say: (line: string) => void;
  readonly now: () => string;
  /** Time limit of one save. */
  readonly limitSeconds?: number;
}

export interface Mirroring {
  /** Takes an event of the loop, and saves after some of them. */
  readonly note: (event: LoopEvent) => void;
  /** Gives it the history, without which it cannot say at the end what is missing. */
  readonly open: (history: () => History) => void;
  /** Saves what is left, and prints what is not in the mirror. `isHurried`: after a Ctrl-C. */
  readonly close: (isHurried: boolean) => Promise<void>;
}

/** The events after which the study is saved; entries of other events are saved along with them. */
const savedEvents: readonly LoopEvent['event'][] = [
  'study-started',
  'study-resumed',
  'verdict-given',
  'branch-moved',
  'insight-written',
  'gain-confirmed',
  'study-stopped',
];
const defaultLimitSeconds = 120;
/** How long the last save may take at the end of the study. */
const goodbyeSeconds = 60;
/** The same after a Ctrl-C, or when the save before it failed. */
const shortGoodbyeSeconds = 15;

/** Mirrors one study. What an earlier session saved does not count as known to be in the mirror. */
export function createMirroring(options: MirroringOptions): Mirroring {
  const { mirror, studyFolder, say, limitSeconds = defaultLimitSeconds } = options;
  let state: MirrorState = { mirror: mirror.name, experiments: 0, isKnown: false };
  let history: (() => History) | undefined;
  let isWanted = false;
  let working: Promise<void> | undefined;

  /** Aborts the last save when the time for it is over. */
  const goodbye = new AbortController();

  const save = async (): Promise<MirrorState> => {
    try {
      const snapshot = await takeSnapshot(studyFolder, join(studyFolder, 'mirror', 'stage'));
      if (snapshot === undefined) return state;
      const remarks = await mirror.save(
        snapshot,
        AbortSignal.any([AbortSignal.timeout(limitSeconds * 1000), goodbye.signal]),
      );
      const { experiments } = snapshot;
      const at = options.now();
      return {
        mirror: mirror.name,
        experiments,
        isKnown: true,
        at,
        ...(remarks.length > 0 && { remark: remarks.join('; ') }),
      };
    } catch (error) {
      return { ...state, failure: error instanceof Error ? error.message : String(error) };
    }
  };

  const work = async (): Promise<void> => {
    while (isWanted) {
      isWanted = false;
      const before = state;
      state = await save();
      await writeMirrorState(studyFolder, state).catch(() => {});
      const news = changeOf(before, state);
      if (news !== undefined) say(news);
    }
    working = undefined;
  };

  const want = (): void => {
    isWanted = true;
    working ??= work();
  };

  return {
    note: (event) => {
      if (savedEvents.includes(event.event)) want();
    },
    open: (open) => {
      history = open;
    },
    close: async (isHurried) => {
      if (!history) return;
      const seconds = state.failure === undefined && !isHurried ? goodbyeSeconds : shortGoodbyeSeconds;
      const timer = setTimeout(() => goodbye.abort(), seconds * 1000);
      want();
      while (working) await working;
      clearTimeout(timer);
      say(`${sentence(mirrorText(state, settledExperiments(history())))}.`);
    },
  };
}

/** The line to print when a save failed in a new way or works again; undefined when nothing changed. */
function changeOf(before: MirrorState, after: MirrorState): string | undefined {
  const [was, is] = [before.failure ?? before.remark, after.failure ?? after.remark];
  if (was === is) return undefined;
  if (is === undefined)
    return `The mirror ${after.mirror} works again; all is there up to experiment ${after.experiments}.`;
  return `warning: the mirror does not get everything: ${is}. The study goes on.`;
}

function sentence(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1).replace(/[.\s]+$/, '')}`;
}
