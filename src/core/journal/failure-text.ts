/**
 * Why a run or an experiment failed, in words: the kind of failure, one word for each, then what the script or the machine
 * said.
 */
import type { Outcome } from './run.ts';

const words: Readonly<Record<Outcome, string>> = {
  finished: '',
  crashed: 'crash',
  'out-of-memory': 'out of memory',
  'timed-out': 'timeout',
  stalled: 'stalled',
  'killed-early': 'killed early',
  cancelled: 'stopped',
  lost: 'lost',
};

/** The word for how a run ended; empty when it finished. */
export function outcomeWord(outcome: Outcome): string {
  return words[outcome];
}

/** Such as `crash: exit code 1`; the reason alone when the run finished without a score, or nothing ran. */
export function failureText(outcome: Outcome | undefined | null, reason: string): string {
  const word = outcome ? words[outcome] : '';
  return word === '' || word === reason ? reason : `${word}: ${reason}`;
}
