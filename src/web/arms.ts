/**
 * What each arm of `researcher: auto` was asked for and what it brought, as cells of a table for every rendering.
 */
import { formatDifference, formatDuration } from '../core/base/format.ts';
import type { ArmRow } from '../core/views/arms.ts';

export const armHeader = ['arm', 'tried', 'kept', 'gain', 'run time', 'gain per hour'] as const;

/** One row for each arm. */
export function armCells(arms: readonly ArmRow[]): string[][] {
  return arms.map(({ arm, tried, kept, gain, gpuSeconds, gainPerGpuHour }) => [
    arm,
    String(tried),
    String(kept),
    formatDifference(gain),
    formatDuration(gpuSeconds),
    gainPerGpuHour === null ? '' : formatDifference(gainPerGpuHour),
  ]);
}
