/**
 * Time that passes only while nothing real is going on: as soon as a run or a wait in front of one is all that is left
 * to wait for, the clock moves to the next alarm. Requests to a served model take no time of it.
 */
import type { Clock } from '../../src/adapters/models/clock.ts';

export interface VirtualClock {
  /** For what the study waits for: runs, and waits between attempts. */
  readonly foreground: Clock;
  /** For what goes on beside it: it never moves the clock. */
  readonly background: Clock;
  /** The action is real: no alarm rings before it is done. */
  readonly during: <Result>(action: () => Promise<Result>) => Promise<Result>;
}

interface Sleeper {
  readonly at: number;
  readonly isForeground: boolean;
  readonly wake: () => void;
}

export function createVirtualClock(): VirtualClock {
  let now = 0;
  let real = 0;
  let sleepers: Sleeper[] = [];

  const ring = (): void => {
    if (real > 0 || !sleepers.some(({ isForeground }) => isForeground)) return;
    const [next] = sleepers.toSorted((a, b) => a.at - b.at);
    if (next === undefined) return;
    now = Math.max(now, next.at);
    next.wake();
    look();
  };
  // Twice round the event loop, so that what a wake-up sets going is begun before the next one.
  const look = (): void => void setImmediate(() => setImmediate(ring));

  const sleep = (isForeground: boolean, milliseconds: number, signal: AbortSignal): Promise<void> =>
    new Promise((resolve) => {
      const wake = (): void => {
        sleepers = sleepers.filter((other) => other !== sleeper);
        signal.removeEventListener('abort', wake);
        resolve();
      };
      const sleeper: Sleeper = { at: now + milliseconds, isForeground, wake };
      if (signal.aborted) return resolve();
      sleepers.push(sleeper);
      signal.addEventListener('abort', wake, { once: true });
      look();
    });

  const clockOf = (isForeground: boolean): Clock => ({
    now: () => now,
    sleep: (milliseconds, signal) => sleep(isForeground, milliseconds, signal),
  });
  return {
    foreground: clockOf(true),
    background: clockOf(false),
    during: async (action) => {
      real += 1;
      try {
        return await action();
      } finally {
        real -= 1;
        look();
      }
    },
  };
}
