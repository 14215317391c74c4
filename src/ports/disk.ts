/**
 * The disk that a study writes to, as far as the controller can see it.
 *
 * Nothing rejects but `requireRoom`.
 */
import type { RunKey } from './run-folders.ts';

export interface Disk {
  /** Bytes that are free for this user. */
  readonly free: () => Promise<number>;
  /** Bytes that the files of a run take; 0 where there are none. */
  readonly used: (key: Pick<RunKey, 'experiment' | 'run' | 'confirmation'>) => Promise<number>;
  /**
   * Rejects as a write to a full disk does while next to nothing is free: a run in flight that waits for room looks like any other
   * from outside.
   */
  readonly requireRoom?: () => Promise<void>;
  /** Notes for other processes whether the study waits for room. */
  readonly noteWait: (isWaiting: boolean) => Promise<void>;
}
