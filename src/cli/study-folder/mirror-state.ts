/**
 * What is known of a study's mirror, as `mirror.json` in its folder says, and in words.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

export interface MirrorState {
  /** The place, as people know it. */
  readonly mirror: string;
  /** The number of the last experiment whose outcome is there. */
  readonly experiments: number;
  /** Whether a save has succeeded at all in this session. */
  readonly isKnown: boolean;
  /** When. */
  readonly at?: string;
  /** Why the last save failed. */
  readonly failure?: string;
  /** What the last save had to leave out. */
  readonly remark?: string;
}

/** Undefined for a study without a mirror. */
export function readMirrorState(studyFolder: string): MirrorState | undefined {
  try {
    return JSON.parse(readFileSync(join(studyFolder, 'mirror.json'), 'utf8')) as MirrorState;
  } catch {
    return undefined;
  }
}

/** Such as `3 experiments are not in the mirror origin: the folder is not there`; `here` is the last experiment settled. */
export function mirrorText({ mirror, experiments, isKnown, failure, remark }: MirrorState, here: number): string {
  const missing = Math.max(0, here - experiments);
  if (failure === undefined) {
    const what = `mirrored to ${mirror} up to experiment ${experiments}`;
    return remark === undefined ? what : `${what}, but for this: ${remark}`;
  }
  if (!isKnown) return `nothing of this session is in the mirror: ${failure}`;
  const what =
    missing === 0 ? 'the last entries are' : missing === 1 ? '1 experiment is' : `${missing} experiments are`;
  return `${what} not in the mirror: ${failure}`;
}
