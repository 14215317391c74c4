/**
 * Keeps secrets that stand in a source out of the proposals that quote it: in the journal a mark stands for each, with
 * the place in the parent's file where the secret is. So a journalled proposal applies whatever is known of secrets then.
 */
import { markIn, markOf, maskValues, unmask } from '../base/secrets.ts';
import type { Edit, Hidden, Proposal } from '../journal/proposal.ts';

type Files = Readonly<Record<string, string>>;

/** The proposal as it is journalled: secrets of the parent's files as marks. `find` gives the secrets of a text. */
export function hideValues(proposal: Proposal, files: Files, find: (text: string) => readonly string[]): Proposal {
  const secrets = [...new Set(Object.values(files).flatMap(find))].sort((a, b) => b.length - a.length);
  const edits = proposal.edits.map((edit) => mapTexts(edit, (text) => maskValues(text, secrets)));
  const written = JSON.stringify(edits);
  const hidden = secrets
    .filter((secret) => written.includes(markOf(secret)))
    .flatMap((secret) => placesOf(secret, files));
  return hidden.length === 0 ? proposal : { ...proposal, edits, hidden };
}

/** Files with marks in the place of these secrets, and where in `base` those stand that they have. */
export function hideInFiles(
  files: Files,
  base: Files,
  secrets: readonly string[],
): { readonly files: Files; readonly hidden: Hidden } {
  const masked = Object.entries(files).map(([file, text]) => [file, maskValues(text, secrets)] as const);
  const written = masked.map(([, text]) => text).join('\n');
  const found = secrets.filter((secret) => written.includes(markOf(secret)));
  return { files: Object.fromEntries(masked), hidden: found.flatMap((secret) => placesOf(secret, base)) };
}

/** The secrets that stand in these places. */
export function secretsAt(hidden: Hidden, files: Files): readonly string[] {
  return hidden.map(({ file, start, length }) => (files[file] ?? '').slice(start, start + length));
}

/** The edits of a journalled proposal with the secrets in them, taken from the parent's files. */
export function shownEdits({ edits, hidden = [] }: Proposal, files: Files): readonly Edit[] {
  if (hidden.length === 0) return edits;
  const secrets = secretsAt(hidden, files);
  return edits.map((edit) => mapTexts(edit, (text) => unmask(text, secrets)));
}

/** A researcher's proposal with the secrets that it was shown as marks, or the mark that stands for none of them. */
export function unmaskProposal(
  proposal: Proposal,
  files: Files,
  find: (text: string) => readonly string[],
): { readonly proposal: Proposal; readonly unknownMark: string | undefined } {
  if (!proposal.edits.some((edit) => textsOf(edit).some((text) => markIn(text) !== undefined))) {
    return { proposal, unknownMark: undefined };
  }
  const secrets = [...new Set(Object.values(files).flatMap(find))];
  const edits = proposal.edits.map((edit) => mapTexts(edit, (text) => unmask(text, secrets)));
  const ownMarks = Object.values(files).join('\n');
  const marks = edits.flatMap(textsOf).flatMap((text) => markIn(text) ?? []);
  return { proposal: { ...proposal, edits }, unknownMark: marks.find((mark) => !ownMarks.includes(mark)) };
}

function placesOf(secret: string, files: Files): Hidden {
  const [place] = Object.entries(files).flatMap(([file, text]) => {
    const start = text.indexOf(secret);
    return start === -1 ? [] : [{ file, start, length: secret.length }];
  });
  return place === undefined ? [] : [place];
}

function mapTexts(edit: Edit, change: (text: string) => string): Edit {
  switch (edit.kind) {
    case 'replace':
      return { ...edit, find: change(edit.find), replace: change(edit.replace) };
    case 'write':
      return { ...edit, content: change(edit.content) };
    case 'set-knob':
      return edit;
    default:
      return edit satisfies never;
  }
}

function textsOf(edit: Edit): readonly string[] {
  switch (edit.kind) {
    case 'replace':
      return [edit.find, edit.replace];
    case 'write':
      return [edit.content];
    case 'set-knob':
      return [];
    default:
      return edit satisfies never;
  }
}
