/**
 * A title for a change that came without one.
 */
import type { Edit } from '../journal/proposal.ts';
import type { KnobValue, Source } from '../space/knob.ts';

const maxKnobs = 4;
const maxCharacters = 60;

/** Such as `LR 0.1 -> 0.2` when only knobs change, else the first line that the change adds or takes out. */
export function titleOfChange(source: Source, edits: readonly Edit[], files: Readonly<Record<string, string>>): string {
  const settings = edits.flatMap((edit) => (edit.kind === 'set-knob' ? [edit] : []));
  if (settings.length === edits.length && settings.length > 0) {
    const shown = settings.slice(0, maxKnobs).map(({ file, knob, to }) => {
      const from = source.knobs.find((own) => own.file === file && own.name === knob)?.value;
      return `${knob} ${valueText(from)} -> ${valueText(to)}`;
    });
    return settings.length > maxKnobs ? `${shown.join(', ')} and ${settings.length - maxKnobs} more` : shown.join(', ');
  }
  const changed = Object.keys(files).filter((file) => files[file] !== source.files[file]);
  const line = changed
    .map((file) => firstNewLine(source.files[file] ?? '', files[file] ?? ''))
    .find((text) => text !== '');
  return line === undefined || line === '' ? `An edit of ${changed.join(', ')}` : line;
}

function firstNewLine(before: string, after: string): string {
  const own = new Set(before.split('\n').map((line) => line.trim()));
  const found = after
    .split('\n')
    .map((line) => line.trim())
    .find((line) => line !== '' && !own.has(line));
  if (found === undefined) return '';
  return found.length > maxCharacters ? `${found.slice(0, maxCharacters - 1)}…` : found;
}

function valueText(value: KnobValue | undefined): string {
  return typeof value === 'object' ? `(${value.join(', ')})` : String(value ?? '?');
}
