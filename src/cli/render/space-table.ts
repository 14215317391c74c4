/**
 * The table of `nocturne space`, made for 80 columns.
 */
import { plainText } from '../../core/base/plain-text.ts';
import type { SpaceRow } from '../../core/views/space-rows.ts';
import { coloursFor } from './colours.ts';
import { cutTo, padTo, widthOf } from './fit-text.ts';

/**
 * A header and one line per knob; a range is never cut, since it is there to be copied. The form is shown where not all
 * rows are constants in capitals.
 */
export function spaceTable(rows: readonly SpaceRow[], stream: NodeJS.WriteStream = process.stdout): string {
  const hasForms = rows.some(({ form }) => form !== 'constant');
  const cells = rows.map((row) => [
    row.knob,
    ...(hasForms ? [row.form] : []),
    `${row.file}:${row.line}`,
    short(row.text),
    row.range ?? '',
    row.from === 'not searched' ? `not searched: ${row.why}` : row.from,
  ]);
  const header = ['knob', ...(hasForms ? ['form'] : []), 'where', 'value', 'range', 'from'];
  return columns(header, cells, stream, (row) => row.at(-2) === '');
}

/** Cells as wide as their column, under a header; rows for which `isDim` holds are dimmed. */
export function columns(
  header: readonly string[],
  rows: readonly (readonly string[])[],
  stream: NodeJS.WriteStream = process.stdout,
  isDim: (row: readonly string[]) => boolean = () => false,
): string {
  const { dim } = coloursFor(stream);
  const widths = header.map((title, column) =>
    Math.max(widthOf(title), ...rows.map((row) => widthOf(row[column] ?? ''))),
  );
  const line = (row: readonly string[]) =>
    row
      .map((cell, column) => padTo(cell, widths[column] ?? 0))
      .join('  ')
      .trimEnd();
  return [dim(line(header)), ...rows.map((row) => (isDim(row) ? dim(line(row)) : line(row)))].join('\n');
}

const maxValueColumns = 24;

function short(text: string): string {
  return cutTo(plainText(text).replace(/\s+/g, ' '), maxValueColumns);
}
