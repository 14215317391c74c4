/**
 * Finds out what can keep a run from the rest of this machine.
 */
import type { Isolation } from '../../ports/isolation.ts';

export interface FindIsolationOptions {
  /** Absolute path of the study's Python, which the probes run in. */
  readonly interpreter: string;
  /** An absolute folder of the study in which the probes may lay out what they need; it is removed again. */
  readonly folder: string;
}

/** Tries the rungs of the ladder from the highest down, and gives the first on which all promised probes are blocked. */
export async function findIsolation(_options: FindIsolationOptions): Promise<Isolation> {
  return { tier: 'none', open: [], whyNotHigher: 'no cage is built yet' };
}
