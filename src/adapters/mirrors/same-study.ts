/**
 * Whether a place holds this study, and not more of it: the journal there must be a beginning of the one here.
 */
import { MirrorError } from '../../core/base/errors.ts';

/** How the journal of one place stands to that of another. */
export type JournalRelation = 'same' | 'behind' | 'further' | 'other';

/** `theirs` as seen from `ours`. */
export function relate(theirs: Buffer, ours: Buffer): JournalRelation {
  const common = Math.min(theirs.length, ours.length);
  if (!theirs.subarray(0, common).equals(ours.subarray(0, common))) return 'other';
  if (theirs.length === ours.length) return 'same';
  return theirs.length < ours.length ? 'behind' : 'further';
}

/** Throws when a copy must not be replaced by this journal. */
export function requireOwn(theirs: Buffer, ours: Buffer, tag: string): void {
  const relation = relate(theirs, ours);
  if (relation === 'other') throw new MirrorError(`it holds another study named ${tag}`);
  if (relation === 'further')
    throw new MirrorError(`study ${tag} there is further than here: somebody goes on with it elsewhere`);
}
