/**
 * What goes on beside the loop: runs in flight, questions to a researcher, and what it does after a proposal.
 */

export interface Beside {
  /** Starts it, unless one with this key is under way. */
  readonly start: (key: string, act: () => Promise<unknown>) => void;
  readonly has: (key: string) => boolean;
  readonly isIdle: () => boolean;
  /** Throws what any of it threw. */
  readonly check: () => void;
  /** Resolves when any of it has ended, however. */
  readonly next: () => Promise<void>;
  /** Resolves when all of it has ended, whatever came of it. */
  readonly settle: () => Promise<void>;
}

/** Nothing under way. */
export function createBeside(): Beside {
  const under = new Map<string, Promise<void>>();
  let failure: { readonly error: unknown } | undefined;
  return {
    start: (key, act) => {
      if (under.has(key)) return;
      const noted = act().catch((error: unknown) => {
        failure ??= { error };
      });
      under.set(
        key,
        noted.then(() => {
          under.delete(key);
        }),
      );
    },
    has: (key) => under.has(key),
    isIdle: () => under.size === 0,
    check: () => {
      if (failure) throw failure.error;
    },
    next: () => Promise.race(under.values()),
    settle: async () => {
      await Promise.all(under.values());
    },
  };
}
