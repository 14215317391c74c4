/**
 * A finished draft as a proposal's edits: knobs where only knobs changed, else the shortest quotations that are unique.
 *
 * Edits that quote little still apply to a later incumbent; a whole file would undo the steps kept meanwhile.
 */
import { structuredPatch } from 'diff';
import type { Edit } from '../journal/proposal.ts';
import { applyEdits } from '../proposal/patch.ts';
import { type Knob, type Source, sameValue } from '../space/knob.ts';

type Files = Readonly<Record<string, string>>;

export interface DraftEdits {
  readonly kind: 'knobs' | 'code';
  readonly edits: readonly Edit[];
}

/** Edits that turn the source into these files; `knobs` are those of the new files. */
export function editsOfDraft(source: Source, files: Files, knobs: readonly Knob[]): DraftEdits {
  const settings = knobSettings(source, files, knobs);
  if (settings) return { kind: 'knobs', edits: settings };
  const changed = Object.keys(files).filter((file) => files[file] !== source.files[file]);
  return { kind: 'code', edits: changed.flatMap((file) => fileEdits(source, file, files[file] as string)) };
}

/** The knobs that were set, when nothing else changed and each keeps its type. */
function knobSettings(source: Source, files: Files, knobs: readonly Knob[]): Edit[] | undefined {
  if (knobs.length !== source.knobs.length) return undefined;
  const pairs = source.knobs.map((before, index) => ({ before, after: knobs[index] as Knob }));
  if (pairs.some(({ before, after }) => !isSameKnob(before, after))) return undefined;
  const isOnlyKnobs = Object.keys(files).every(
    (file) => blanked(source.files[file] ?? '', file, source.knobs) === blanked(files[file] ?? '', file, knobs),
  );
  const changed = pairs.filter(({ before, after }) => !sameValue(before.value, after.value));
  if (!isOnlyKnobs || changed.length === 0) return undefined;
  return changed.map(({ before: { file, name }, after: { value } }) => ({
    kind: 'set-knob',
    file,
    knob: name,
    to: typeof value === 'object' ? [...value] : value,
  }));
}

function isSameKnob(before: Knob, after: Knob): boolean {
  return before.file === after.file && before.name === after.name && before.type === after.type;
}

/** The file with its knobs' literals taken out, and the blanks before aligned comments made equal. */
function blanked(content: string, file: string, knobs: readonly Knob[]): string {
  const bytes = new TextEncoder().encode(content);
  const decoder = new TextDecoder('utf-8', { ignoreBOM: true });
  const own = knobs.filter((knob) => knob.file === file).sort((a, b) => a.span[0] - b.span[0]);
  const starts = [0, ...own.map((knob) => knob.span[1])];
  const ends = [...own.map((knob) => knob.span[0]), bytes.length];
  const pieces = starts.map((start, index) => decoder.decode(bytes.subarray(start, ends[index])));
  return pieces.map((piece, index) => (index === 0 ? piece : piece.replace(/^[ \t]+/, ' '))).join('\0');
}

/** Lines of context that are tried, one number after the other. */
const contexts = [1, 3, 8, 20];

/** Quotations with as little context as makes them unique; the whole file when nothing less will do. */
function fileEdits(source: Source, file: string, wanted: string): Edit[] {
  const before = source.files[file] ?? '';
  for (const context of contexts) {
    const edits = hunkEdits(file, before, wanted, context);
    const patch = edits.length > 0 ? applyEdits({ files: { [file]: before }, knobs: [] }, edits) : undefined;
    if (patch?.kind === 'patched' && patch.files[file] === wanted) return edits;
  }
  return [{ kind: 'write', file, content: wanted }];
}

function hunkEdits(file: string, before: string, after: string, context: number): Edit[] {
  const { hunks } = structuredPatch(file, file, before, after, '', '', { context });
  const edits = hunks.map(({ lines }) => {
    const side = (mark: string) =>
      lines
        .filter((line) => !line.startsWith(mark) && !line.startsWith('\\'))
        .map((line) => line.slice(1))
        .join('\n');
    return { kind: 'replace', file, find: side('+'), replace: side('-') } as const;
  });
  return edits.some((edit) => edit.find === '') ? [] : edits;
}
