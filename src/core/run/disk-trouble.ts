/**
 * Whether a run failed because the disk was full, and whether it filled it itself.
 */
import { formatBytes } from '../base/format.ts';
import { fullBytes, isFullDiskText } from '../base/full-disk.ts';
import type { DiskTrouble } from '../journal/disk-trouble.ts';
import { asLost, type RunResult } from '../journal/run.ts';

/** What was seen of the disk when the run had ended. */
export interface DiskState {
  readonly free: number;
  /** Bytes of the run's own files. */
  readonly used: number;
  /** Bytes of the best candidate's run, which is known to get by; 0 where they are gone. */
  readonly usual: number;
}

/** More than what the best candidate needs, for caches and logs that differ. */
const spareBytes = 1 << 20;
/** A run that writes this often what the best candidate does, and leaves no room thereby, has filled the disk itself. */
const muchMore = 4;

/** Whether a failed run's log, its reason or the disk says that there was no room; asked before the disk is looked at closely. */
export function mayBeDiskTrouble(result: RunResult, log: string, free: number): boolean {
  const { measurement, outcome, reason } = result;
  if (measurement || outcome === 'cancelled' || outcome === 'killed-early') return false;
  return free < fullBytes || isFullDiskText(log) || isFullDiskText(reason);
}

/** What the disk did to such a run. */
export function diskTroubleOf({ free, used, usual }: DiskState): DiskTrouble {
  const isOwn = usual > 0 && used > muchMore * usual + spareBytes && free + used > 2 * usual + spareBytes;
  const needed = Math.max(usual, isOwn ? 0 : used) + spareBytes;
  return { kind: isOwn ? 'filled' : 'full', isSeen: free < needed, free, needed };
}

/** The result of a run that the disk ended: lost, or failed with the reason that it filled the disk itself. */
export function withDiskTrouble(result: RunResult, trouble: DiskTrouble, { used, usual }: DiskState): RunResult {
  if (trouble.kind === 'filled') {
    const most = `it wrote ${formatBytes(used)}, the best so far ${formatBytes(usual)}`;
    return { ...result, reason: `it filled the disk: ${most}; ${result.reason}` };
  }
  return { ...asLost(result, 'no room was left on the disk while it ran'), disk: trouble };
}
