/**
 * What the loop does about the data that runs share: it says what was found, looks at all of it before a score is kept,
 * and has the best so far measured again where the data are others than before.
 */
import { experimentOf } from '../core/journal/history.ts';
import type { RunResult } from '../core/journal/run.ts';
import { wouldBeReverted } from '../core/judge/would-be-reverted.ts';
import type { RunKey, RunOutputs } from '../ports/run-folders.ts';
import type { Study } from './study.ts';

/** The result of a run, after a thorough look at the data where its score counts; `conclude` is told what voids it. */
export async function withUnchangedData(
  study: Study,
  key: RunKey,
  result: RunResult,
  conclude: (found: Pick<RunOutputs, 'changed' | 'doubtful'>) => Promise<RunResult>,
): Promise<RunResult> {
  const found = isCounting(study, key, result) ? await study.lab.runFolders.verify?.(key) : undefined;
  return found === undefined ? result : conclude(found);
}

/** Whether something rests on the score: a confirmation, the best so far measured again, a keep, or another run. */
function isCounting({ lab, history, standpointOf }: Study, key: RunKey, result: RunResult): boolean {
  if (!result.measurement || key.confirmation !== undefined) return result.measurement !== undefined;
  // The baseline has nothing to be kept against.
  if (key.experiment === 0) return false;
  const { verdict } = experimentOf(history(), key.experiment);
  if (verdict && verdict.decision !== 'rerun') return true;
  const standpoint = standpointOf(key.experiment);
  return !wouldBeReverted(standpoint.history, key, result, lab.brief.policy, standpoint.walk);
}

/** Looks at all data once more when the study stops, so that what its last runs did to them is said. */
export async function lookAtDataAtStop(study: Study): Promise<void> {
  await study.lab.runFolders.lookAtStop?.();
  await tellOfData(study, true);
}

/** Says what there is to say about the data; in a study that goes on, journals that they are others than before. */
export async function tellOfData({ lab, history, record }: Study, isGoingOn: boolean): Promise<void> {
  for (const { message, moved } of lab.runFolders.dataRemarks?.() ?? []) {
    if (message !== '') lab.emit({ event: 'warning-raised', message });
    if (moved === undefined || !isGoingOn) continue;
    const { experiment, runs, verdict } = experimentOf(history(), history().incumbent);
    // The baseline's own runs are still to come, or see the new data already.
    if (verdict)
      await record({ event: 'drift-suspected', experiment, run: runs.length + 1, reason: `the data: ${moved}` });
  }
}
