/**
 * What the loop does about the data that runs share: it says what was found, looks at all of it before a score can be kept,
 * and has the best so far measured again where the data are others than before.
 */
import { experimentOf } from '../core/journal/history.ts';
import type { RunResult } from '../core/journal/run.ts';
import { mayBeKept } from '../core/run/may-be-kept.ts';
import type { RunKey } from '../ports/run-folders.ts';
import type { Study } from './study.ts';

/** The result of a run, after a thorough look at the data where its score may be kept; `conclude` is told what voids it. */
export async function withUnchangedData(
  { lab, history }: Study,
  key: RunKey,
  result: RunResult,
  conclude: (changed: string) => Promise<RunResult>,
): Promise<RunResult> {
  const { measurement } = result;
  const isAsked =
    measurement && (key.confirmation !== undefined || mayBeKept(history(), key.experiment, measurement.value));
  const changed = isAsked ? await lab.runFolders.verify?.(key) : undefined;
  return changed === undefined ? result : conclude(changed);
}

/** Says what there is to say about the data; in a study that goes on, journals that they are others than before. */
export async function tellOfData({ lab, history, record }: Study, isGoingOn: boolean): Promise<void> {
  for (const { message, moved } of lab.runFolders.notices?.() ?? []) {
    if (message !== '') lab.emit({ event: 'warning-raised', message });
    if (moved === undefined || !isGoingOn) continue;
    const { experiment, runs, verdict } = experimentOf(history(), history().incumbent);
    // The baseline's own runs are still to come, or see the new data already.
    if (verdict)
      await record({ event: 'drift-suspected', experiment, run: runs.length + 1, reason: `the data: ${moved}` });
  }
}
