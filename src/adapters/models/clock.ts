/**
 * The time, as whoever waits needs it; a test brings its own.
 */
import { setTimeout as sleep } from 'node:timers/promises';

export interface Clock {
  /** In milliseconds. */
  readonly now: () => number;
  /** Resolves when the time is over or the signal aborts, whichever comes first. */
  readonly sleep: (milliseconds: number, signal: AbortSignal) => Promise<void>;
}

/** Time that no change of the computer's clock can bend. */
export const realClock: Clock = {
  now: () => performance.now(),
  sleep: (milliseconds, signal) => sleep(milliseconds, undefined, { signal }).catch(() => undefined),
};
