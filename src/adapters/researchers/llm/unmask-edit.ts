/**
 * Puts the secrets of the editable files back into an edit that quotes their marks: a mark is never written to a file.
 */
import { markIn, unmask } from '../../../core/base/secrets.ts';
import type { EditRequest } from '../../../core/edits/draft.ts';

export type UnmaskedEdit =
  | { readonly kind: 'unmasked'; readonly change: EditRequest }
  /** A mark that stands for none of these files' secrets. */
  | { readonly kind: 'unknown'; readonly mark: string };

/** `texts` are the files that the edit may quote; `secretsIn` finds their secrets. */
export function unmaskEdit(
  change: EditRequest,
  texts: readonly string[],
  secretsIn: (text: string) => readonly string[] = () => [],
): UnmaskedEdit {
  const { edits, content, diff } = change;
  const said = [...(edits ?? []).flatMap(({ find, replace }) => [find, replace]), content ?? '', diff ?? ''];
  if (said.every((text) => markIn(text) === undefined)) return { kind: 'unmasked', change };
  const secrets = [...new Set(texts.flatMap(secretsIn))];
  const mark = said
    .map((text) => markIn(unmask(text, secrets)))
    .find((left) => left !== undefined && !texts.some((text) => text.includes(left)));
  if (mark !== undefined) return { kind: 'unknown', mark };
  const show = (text: string) => unmask(text, secrets);
  return {
    kind: 'unmasked',
    change: {
      ...change,
      ...(edits && { edits: edits.map(({ find, replace }) => ({ find: show(find), replace: show(replace) })) }),
      ...(content !== undefined && { content: show(content) }),
      ...(diff !== undefined && { diff: show(diff) }),
    },
  };
}
