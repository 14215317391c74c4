/**
 * Whether a run was ended from outside, by the owner's stop or by a signal that came to all processes at once, rather
 * than by what its candidate does.
 */
import type { RunResult } from '../journal/run.ts';
import type { Ending } from './conclude-run.ts';

/**
 * The result of a run during which the owner stopped the study: only a complete run says something about the candidate.
 * A shutdown, `systemctl stop` or Slurm signals every process, so the training may end of it before it is cancelled.
 */
export function resultAfterStop(result: RunResult): RunResult {
  if (result.measurement) return result;
  return { ...result, outcome: 'cancelled', reason: 'stopped before it ended' };
}

/** A shell reports 128 and the signal's number for a program that a signal ended. */
const minSignalExitCode = 129;

/** Whether a signal may have ended the run, so that one to the controller may be on its way. */
export function mayBeSignalled(ending: Ending): boolean {
  if (ending.kind === 'lost' || ending.ending === 'cancelled') return true;
  return ending.stages.some(({ signal, exitCode }) => signal !== null || (exitCode ?? 0) >= minSignalExitCode);
}
