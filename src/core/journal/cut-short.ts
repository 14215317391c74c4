/**
 * Which runs were ended by something other than their candidate. In a file of its own, so that code that only reads the
 * journal need not load the schemas.
 */
import type { RunResult } from './run.ts';

/** Whether a run was lost or cancelled: then it says nothing about its candidate. */
export function isCutShort({ outcome }: Pick<RunResult, 'outcome'>): boolean {
  return outcome === 'cancelled' || outcome === 'lost';
}
