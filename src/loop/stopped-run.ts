/**
 * Whether the owner stopped the study while a run was in flight, so that its end says nothing about its candidate.
 */
import { contenderOf } from '../core/confirm/next-confirmation-step.ts';
import { experimentOf } from '../core/journal/history.ts';
import { mayBeSignalled } from '../core/run/ended-by-stop.ts';
import type { JobState } from '../ports/engine.ts';
import type { RunKey } from '../ports/run-folders.ts';
import type { Study } from './study.ts';

/** How long a signal to the controller may be on its way after the same signal, sent to all processes, has ended a run. */
const signalSeconds = 0.5;

/**
 * Whether the owner stopped this ended run, by a signal or by `stop --now`, in this session or in the one that started
 * it. Where a signal may have ended it, half a second is left for the same signal to this process. `state` is how it
 * ended, undefined when the controller ended it for a reason of its own.
 */
export async function wasStopped(
  study: Study,
  key: RunKey,
  state: Extract<JobState, { kind: 'ended' | 'lost' }> | undefined,
): Promise<boolean> {
  const { lab, signal, stopWanted } = study;
  if (isNoted(study, key)) return true;
  const isSignalled = state && mayBeSignalled(state.kind === 'ended' ? { kind: 'ended', ...state.end } : state);
  if (isSignalled && !signal.aborted) await lab.pause(signalSeconds, signal);
  // It journals the stop.
  await stopWanted();
  return isNoted(study, key);
}

function isNoted(study: Study, { experiment, run, confirmation }: RunKey): boolean {
  const { history, heldOut } = study.whole();
  const { runs } = confirmation ? contenderOf(heldOut, confirmation) : experimentOf(history, experiment);
  return runs.some((each) => each.run === run && each.isStopped === true);
}
