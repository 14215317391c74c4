/**
 * Slots that no run wants just now, for short trials of a draft: whoever writes a proposal while runs are in flight may not train
 * beside one of them in its slot.
 */
import type { SpareSlot } from '../ports/researcher.ts';

export interface SpareSlots {
  /** Waits for one; undefined where the signal ends the wait. */
  readonly take: (signal: AbortSignal) => Promise<SpareSlot | undefined>;
  /** The numbers of those that are taken. */
  readonly taken: () => readonly number[];
  /** Gives these, which are free and which no run is about to take, to those who wait. */
  readonly offer: (free: readonly number[]) => void;
  /** Resolves when one is next wanted or given back. */
  readonly changed: () => Promise<void>;
}

/** None taken. */
export function createSpareSlots(): SpareSlots {
  const taken = new Set<number>();
  let waiting: readonly ((slot: number | undefined) => void)[] = [];
  let hear = () => {};
  let next = Promise.resolve();
  const listen = () => {
    next = new Promise((resolve) => {
      hear = resolve;
    });
  };
  const tell = () => {
    hear();
    listen();
  };
  listen();

  async function wait(signal: AbortSignal): Promise<number | undefined> {
    if (signal.aborted) return undefined;
    return new Promise((resolve) => {
      const settle = (slot?: number) => {
        signal.removeEventListener('abort', leave);
        waiting = waiting.filter((each) => each !== settle);
        resolve(slot);
      };
      const leave = () => settle();
      signal.addEventListener('abort', leave);
      waiting = [...waiting, settle];
      tell();
    });
  }

  return {
    taken: () => [...taken],
    changed: () => next,
    offer: (free) => {
      for (const slot of free.filter((each) => !taken.has(each)).slice(0, waiting.length)) {
        taken.add(slot);
        waiting[0]?.(slot);
      }
    },
    take: async (signal) => {
      const slot = await wait(signal);
      if (slot === undefined) return undefined;
      const giveBack = () => {
        taken.delete(slot);
        tell();
      };
      return { slot, giveBack };
    },
  };
}
