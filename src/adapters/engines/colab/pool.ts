/**
 * Who works on which machine: one job at a time on each, the first that asked first.
 */
import type { Machine } from './machine.ts';
import type { TripOptions } from './trip.ts';

interface Waiting {
  readonly name: string | undefined;
  readonly give: (machine: Machine) => void;
}

/** Hands out machines. */
export function openPool(machines: readonly Machine[]): Pick<TripOptions, 'take' | 'giveBack'> {
  const free = new Set(machines);
  let waiting: Waiting[] = [];

  function match(): void {
    for (const one of waiting) {
      const machine = [...free].find(({ lease }) => one.name === undefined || lease.name === one.name);
      if (!machine) continue;
      free.delete(machine);
      waiting = waiting.filter((each) => each !== one);
      one.give(machine);
    }
  }

  return {
    take: (name, signal) =>
      new Promise((resolve, reject) => {
        signal.throwIfAborted();
        // A machine of an earlier session that had more of them is none of ours.
        const isKnown = machines.some(({ lease }) => lease.name === name);
        const one = { name: isKnown ? name : undefined, give: resolve };
        waiting.push(one);
        signal.addEventListener('abort', () => {
          waiting = waiting.filter((each) => each !== one);
          reject(signal.reason);
        });
        match();
      }),
    giveBack: (machine) => {
      free.add(machine);
      match();
    },
  };
}
