/**
 * The clock that retries wait on; a test passes its own.
 */
import { setTimeout as sleep } from 'node:timers/promises';

export interface Clock {
  /** In milliseconds. */
  readonly now: () => number;
  /** Resolves when the time is over or the signal aborts, whichever comes first. */
  readonly sleep: (milliseconds: number, signal: AbortSignal) => Promise<void>;
}

/** Monotonic: setting the computer's clock does not change it. */
export const realClock: Clock = {
  now: () => performance.now(),
  sleep: (milliseconds, signal) => sleep(milliseconds, undefined, { signal }).catch(() => undefined),
};
