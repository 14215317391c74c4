/**
 * Which runs were ended by something else than their candidate. Apart from the schemas, so that a reader of the journal need not
 * load them.
 */
import type { RunResult } from './run.ts';

/** Whether a run was lost or cancelled: then it says nothing about its candidate. */
export function isCutShort({ outcome }: Pick<RunResult, 'outcome'>): boolean {
  return outcome === 'cancelled' || outcome === 'lost';
}
