/**
 * Whether a mirror holds this study and no more of it: its journal must be a beginning of the one here.
 */
import { MirrorError } from '../../core/base/errors.ts';

/** How a journal relates to another: the same, a beginning of it, a longer one, or another study's. */
export type JournalRelation = 'same' | 'behind' | 'further' | 'other';

/** How `theirs` relates to `ours`. */
export function relate(theirs: Buffer, ours: Buffer): JournalRelation {
  const common = Math.min(theirs.length, ours.length);
  if (!theirs.subarray(0, common).equals(ours.subarray(0, common))) return 'other';
  if (theirs.length === ours.length) return 'same';
  return theirs.length < ours.length ? 'behind' : 'further';
}

/** Throws when `ours` must not replace `theirs`, because that is another study's or longer. */
export function requireOwn(theirs: Buffer, ours: Buffer, tag: string): void {
  const relation = relate(theirs, ours);
  if (relation === 'other') throw new MirrorError(`it holds another study named ${tag}`);
  if (relation === 'further')
    throw new MirrorError(`study ${tag} there is further than here: another controller goes on with it`);
}
