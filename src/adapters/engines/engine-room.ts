/**
 * How many runs an engine could start now, for `slots: auto`.
 */

export interface EngineRoom {
  /** At least 1. */
  readonly slots: number;
  /** Why so many, as a clause. */
  readonly why: string;
}

/** More than these are for the owner to ask for: on a large cluster others wait too. */
export const maxAutoSlots = 16;

/** The room where an engine, such as `the Ray cluster`, could start so many runs; `inFlight` are runs of the study that it has already. */
export function roomFor(runs: number, where: string, inFlight = 0): EngineRoom {
  const all = runs + inFlight;
  const besides = inFlight === 0 ? '' : `, besides the ${inFlight} in flight`;
  if (all > maxAutoSlots)
    return {
      slots: maxAutoSlots,
      why: `${where} has room for ${runs} runs now${besides}, and auto takes no more than that`,
    };
  if (all === 0) return { slots: 1, why: `${where} has room for no run now, so that it waits` };
  return { slots: all, why: `${where} has room for ${runs === 1 ? '1 run' : `${runs} runs`} now${besides}` };
}

/** The room where that cannot be known. */
export function roomUnknown(why: string): EngineRoom {
  return { slots: 1, why };
}
