/**
 * Edits applied to the source: the new files, or the reason why they do not apply. Never throws for what a researcher
 * wrote.
 */

import type { Edit } from '../journal/proposal.ts';
import type { Knob, KnobValue, Source } from '../space/knob.ts';
import { formatKnobValue } from '../space/range/knob-text.ts';

export type Patch =
  | { readonly kind: 'patched'; readonly files: Readonly<Record<string, string>> }
  | { readonly kind: 'refused'; readonly reason: string };

/** Applies all edits in order, or none. Only files of the source may change. */
export function applyEdits(source: Source, edits: readonly Edit[]): Patch {
  const files = { ...source.files };
  const settings = edits.filter((edit) => edit.kind === 'set-knob');
  const knobFailure = setKnobs(files, source.knobs, settings);
  if (knobFailure) return { kind: 'refused', reason: knobFailure };
  for (const edit of edits) {
    if (edit.kind === 'set-knob') continue;
    const failure = applyEdit(files, edit);
    if (failure) return { kind: 'refused', reason: failure };
  }
  return { kind: 'patched', files };
}

type Files = Record<string, string>;
type Setting = Extract<Edit, { kind: 'set-knob' }>;

/** Knobs go first, from the end of a file to its start: their spans are those of the unedited source. */
function setKnobs(files: Files, knobs: readonly Knob[], settings: readonly Setting[]): string | undefined {
  const places: { knob: Knob; to: KnobValue }[] = [];
  for (const { file, knob: name, to } of settings) {
    const knob = knobs.find((candidate) => candidate.file === file && candidate.name === name);
    if (!knob) return `${file} has no knob ${name}`;
    if (places.some((place) => place.knob === knob)) return `${name} is set twice`;
    places.push({ knob, to });
  }
  places.sort((a, b) => b.knob.span[0] - a.knob.span[0]);
  for (const { knob, to } of places) files[knob.file] = splice(files[knob.file] ?? '', knob, formatKnobValue(knob, to));
  return undefined;
}

/** Spans are in UTF-8 bytes, as Python counts them. */
function splice(content: string, knob: Knob, literal: string): string {
  const bytes = new TextEncoder().encode(content);
  const decoder = new TextDecoder('utf-8', { ignoreBOM: true });
  const [start, end] = knob.span;
  return decoder.decode(bytes.subarray(0, start)) + literal + decoder.decode(bytes.subarray(end));
}

function applyEdit(files: Files, edit: Exclude<Edit, Setting>): string | undefined {
  // Own keys only: every object also has a `constructor`.
  const content = Object.hasOwn(files, edit.file) ? files[edit.file] : undefined;
  if (content === undefined) return `${edit.file} may not be edited; only ${Object.keys(files).join(', ')} may`;
  if (edit.kind === 'write') {
    files[edit.file] = edit.content;
    return undefined;
  }
  const pieces = content.split(edit.find);
  if (pieces.length === 1) return `the text to replace is not in ${edit.file}`;
  if (pieces.length > 2) return `the text to replace occurs ${pieces.length - 1} times in ${edit.file}`;
  files[edit.file] = pieces.join(edit.replace);
  return undefined;
}
