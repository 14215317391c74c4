/** Time that only moves when a test says so. */
import type { Clock } from '../../src/adapters/models/clock.ts';

export interface FakeClock extends Clock {
  /** Moves the clock on by `milliseconds`, and wakes sleepers in the order of their alarms. */
  readonly advance: (milliseconds: number) => Promise<void>;
}

export function createFakeClock(): FakeClock {
  let now = 0;
  let sleepers: { readonly at: number; readonly wake: () => void }[] = [];
  const settle = () => new Promise<void>((resolve) => setImmediate(resolve));
  return {
    now: () => now,
    sleep: (milliseconds, signal) =>
      new Promise((resolve) => {
        const wake = () => {
          signal.removeEventListener('abort', giveUp);
          resolve();
        };
        const sleeper = { at: now + milliseconds, wake };
        sleepers.push(sleeper);
        const giveUp = () => {
          sleepers = sleepers.filter((other) => other !== sleeper);
          resolve();
        };
        signal.addEventListener('abort', giveUp, { once: true });
      }),
    advance: async (milliseconds) => {
      const end = now + milliseconds;
      await settle();
      for (;;) {
        const due = sleepers.filter(({ at }) => at <= end).sort((a, b) => a.at - b.at)[0];
        if (due === undefined) break;
        now = due.at;
        sleepers = sleepers.filter((other) => other !== due);
        due.wake();
        await settle();
      }
      now = end;
      await settle();
    },
  };
}
