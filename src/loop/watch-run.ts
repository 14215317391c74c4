/**
 * Follows a run's training log: emits the live figures, and ends the run early when there is a safe reason to.
 */

import type { RunResult } from '../core/journal/run.ts';
import type { Kill } from '../core/run/conclude-run.ts';
import { earlyKill, watchOf } from '../core/run/early-kill.ts';
import { brokenLosses, curveOf, type LiveRun, look, newLiveRun, projectedSeconds } from '../core/run/live-run.ts';
import type { Job, Stage } from '../ports/engine.ts';
import type { RunKey } from '../ports/run-folders.ts';
import type { Study } from './study.ts';

export interface RunWatcher {
  /** Reads what was added to the log since the last look. Only a training is ended early, never what comes after it. */
  readonly look: (elapsedSeconds: number, stage: Stage['name'] | undefined) => Promise<void>;
  /** Reads the rest of the log. */
  readonly lookAtEnd: () => Promise<void>;
  /** Why the run was ended, if it was. */
  readonly kill: () => Kill | undefined;
  /** The part of the live figures that the run's result keeps. */
  readonly figures: () => Pick<RunResult, 'curve' | 'silence' | 'broken' | 'projectedSeconds'>;
}

/** Pieces of the log that are read after the run's end, so that an endless log holds nothing up. */
const maxPiecesAtEnd = 50;

/** A watcher for a run that is about to be awaited; one that is adopted is read from its beginning. */
export function watchRun(study: Study, key: RunKey, job: Job): RunWatcher {
  const { lab } = study;
  const { experiment, run, confirmation, slot } = key;
  const history = study.history();
  const { budgetClock } = history.frozen;
  const budgetSeconds = key.budgetSeconds ?? history.frozen.budgetSeconds;
  const watch = confirmation ? undefined : watchOf(history, experiment, lab.brief.earlyKill);
  let next = 0;
  let live: LiveRun = newLiveRun;
  let kill: Kill | undefined;
  let mostProjected = 0;

  const read = async (elapsedSeconds: number) => {
    const tail = await lab.engine.tail(job, 'train', next);
    next = tail.next;
    live = look(live, tail.text, elapsedSeconds, budgetClock === 'wall' ? budgetSeconds : undefined);
    return tail.text;
  };

  return {
    look: async (elapsedSeconds, stage) => {
      const isTraining = stage === 'train';
      // The training's log is silent while the scorer works, and that is no silence of the training.
      if (isTraining) await read(elapsedSeconds);
      const place = slot === undefined ? {} : { slot };
      const whose = confirmation ? { experiment, run, confirmation, ...place } : { experiment, run };
      const longer = key.budgetSeconds === undefined ? {} : { budgetSeconds };
      lab.emit({ event: 'run-progressed', ...whose, elapsedSeconds, ...longer, ...live.latest });
      if (!isTraining) return;
      mostProjected = Math.max(mostProjected, projectedSeconds(live) ?? 0);
      kill ??= watch && earlyKill(watch, live);
      if (kill) await lab.engine.cancel(job);
    },
    lookAtEnd: async () => {
      for (let piece = 0; piece < maxPiecesAtEnd && (await read(live.elapsedSeconds)) !== ''; piece++);
    },
    kill: () => kill,
    figures: () => {
      const curve = curveOf(live);
      const broken = brokenLosses(live);
      const own = {
        ...(Object.keys(broken).length === 0 ? {} : { broken: { ...broken } }),
        ...(mostProjected > job.limitSeconds ? { projectedSeconds: Math.round(mostProjected) } : {}),
      };
      if (curve.length === 0) return own;
      const silence = Number(Math.max(live.maxSilentSeconds, live.silentSeconds).toFixed(1));
      return { curve: curve.map(([share, loss]) => [share, loss]), silence, ...own };
    },
  };
}
