/**
 * What goes on beside the loop: runs in flight, and questions to a researcher.
 */

export interface Beside {
  /** Starts it, unless one with this key is under way. */
  readonly start: (key: string, act: () => Promise<unknown>) => void;
  readonly has: (key: string) => boolean;
  readonly isIdle: () => boolean;
  /** Resolves when any of it has ended; throws what it threw. */
  readonly next: () => Promise<void>;
  /** Resolves when all of it has ended, whatever came of it. */
  readonly settle: () => Promise<void>;
}

/** Nothing under way. */
export function createBeside(): Beside {
  const under = new Map<string, Promise<void>>();
  return {
    start: (key, act) => {
      if (under.has(key)) return;
      const acting = act().then(
        () => {
          under.delete(key);
        },
        (error: unknown) => {
          under.delete(key);
          throw error;
        },
      );
      // Whoever waits for it sees the error; until then it is no unhandled one.
      acting.catch(() => {});
      under.set(key, acting);
    },
    has: (key) => under.has(key),
    isIdle: () => under.size === 0,
    next: () => Promise.race(under.values()),
    settle: async () => {
      await Promise.allSettled(under.values());
    },
  };
}
