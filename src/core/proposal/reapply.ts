/**
 * The edits of a proposal on another parent than the one that it was made on.
 *
 * They are made there as they are where they can be. Where a text that they replace is another one now, and for whole files, what
 * they changed on their own parent is merged into the new one's files.
 */
import type { Edit, Proposal } from '../journal/proposal.ts';
import type { Source } from '../space/knob.ts';
import { mergeTexts } from './merge.ts';
import { applyEdits } from './patch.ts';

export type Reapplied =
  | { readonly kind: 'edits'; readonly edits: Edit[]; readonly files: Source['files'] }
  | { readonly kind: 'refused'; readonly reason: string };

/** Edits that do to `onto` what these, which are a proposal's without marks, do to `base`. */
export function reapplyEdits(edits: Proposal['edits'], base: Source, onto: Source): Reapplied {
  const isWhole = edits.some((edit) => edit.kind === 'write');
  const direct = isWhole ? undefined : applyEdits(onto, edits);
  if (direct?.kind === 'patched') return { kind: 'edits', edits, files: direct.files };
  const made = applyEdits(base, edits);
  return made.kind === 'refused' ? made : mergeFiles(base.files, made.files, onto.files);
}

function mergeFiles(base: Source['files'], made: Source['files'], onto: Source['files']): Reapplied {
  const edits: Edit[] = [];
  for (const [file, content] of Object.entries(made)) {
    const [before = '', now = ''] = [base[file], onto[file]];
    if (content === before) continue;
    const merged = mergeTexts(before, content, now);
    if (merged === undefined)
      return { kind: 'refused', reason: `its change of ${file} does not go together with that one's` };
    if (merged !== now) edits.push({ kind: 'write', file, content: merged });
  }
  const written = edits.flatMap((edit) => (edit.kind === 'write' ? [[edit.file, edit.content] as const] : []));
  return { kind: 'edits', edits, files: { ...onto, ...Object.fromEntries(written) } };
}

/** Edits that give the files that these give on `base`, whatever the other parent is: what the owner handed in stays that. */
export function wholeFiles(edits: Proposal['edits'], base: Source): Reapplied {
  const made = applyEdits(base, edits);
  if (made.kind === 'refused') return made;
  const written = Object.entries(made.files).map(([file, content]) => ({ kind: 'write' as const, file, content }));
  return { kind: 'edits', edits: written, files: made.files };
}
