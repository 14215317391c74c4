/**
 * Writes an edited view back into its notebook: the sources of changed cells, and nothing of a run.
 *
 * All other bytes stay: metadata, attachments, ids, the order of keys and the indentation.
 */
import { createHash } from 'node:crypto';
import { diffArrays } from 'diff';
import { type Notebook, type NotebookCell, type Range, readNotebook } from './notebook.ts';
import { readView, type ViewCell, viewOf } from './notebook-view.ts';

/** The notebook with the cells of a view, without outputs; a text that is a notebook itself gives its own cells. */
export function writeView(path: string, notebookText: string, view: string): string {
  const notebook = readNotebook(notebookText);
  if (notebook === undefined) return view;
  const cells = alignCells(notebook.cells, readView(viewOf(path, view)));
  const written = cells.map(({ old, cell }) =>
    old === undefined ? newCell(notebook, notebookText, cell) : rewrittenCell(notebookText, old, cell),
  );
  const [start, end] = notebook.range;
  const { before, between, after } = separators(notebook, notebookText);
  const list = written.length === 0 ? '[]' : `[${before}${written.join(between)}${after}]`;
  return notebookText.slice(0, start) + list + notebookText.slice(end);
}

interface Placed {
  readonly old?: NotebookCell;
  readonly cell: ViewCell;
}

/** Which old cell each cell of the view is: equal ones, then those of one kind that stand at the same place between them. */
function alignCells(old: readonly NotebookCell[], cells: readonly ViewCell[]): readonly Placed[] {
  const placed: Placed[] = [];
  let [from, to] = [0, 0];
  let gone: readonly NotebookCell[] = [];
  for (const { added, removed, count } of diffArrays(old.map(keyOf), cells.map(keyOf))) {
    const mine = cells.slice(to, to + count);
    if (removed) {
      gone = old.slice(from, from + count);
      from += count;
      continue;
    }
    const before = added ? gone : old.slice(from, from + count);
    for (const [index, cell] of mine.entries()) {
      const each = before[index];
      placed.push(each?.kind === cell.kind ? { old: each, cell } : { cell });
    }
    gone = [];
    to += count;
    if (!added) from += count;
  }
  return placed;
}

function keyOf({ kind, source }: ViewCell): string {
  return `${kind} ${source}`;
}

function rewrittenCell(text: string, old: NotebookCell, cell: ViewCell): string {
  const [from] = old.range;
  const edits: (readonly [Range, string])[] = [];
  if (old.source !== cell.source) edits.push([old.sourceRange, writeSource(text, old.sourceRange, cell.source)]);
  if (old.outputs !== undefined) edits.push([old.outputs, '[]']);
  if (old.count !== undefined) edits.push([old.count, 'null']);
  const inOrder = edits.toSorted(([a], [b]) => b[0] - a[0]);
  return inOrder.reduce(
    (written, [[start, end], replacement]) => written.slice(0, start - from) + replacement + written.slice(end - from),
    text.slice(...old.range),
  );
}

/** In the form of the source that it replaces: a string, or a list of lines at its indentation. */
function writeSource(text: string, [start, end]: Range, source: string): string {
  const written = text.slice(start, end);
  if (written.startsWith('"')) return JSON.stringify(source);
  if (source === '') return '[]';
  const lines = source.split(/(?<=\n)/).map((line) => JSON.stringify(line));
  const inner = /^\[(\s*)/.exec(written)?.[1] ?? '';
  const outer = /(\s*)\]$/.exec(written)?.[1] ?? '';
  const isEmpty = written.slice(1, -1).trim() === '';
  const [first, last] = isEmpty ? indentBefore(text, start) : [inner, outer];
  return `[${first}${lines.join(`,${first}`)}${last}]`;
}

/** The line ends and blanks for a list that was empty, one step further in than its key. */
function indentBefore(text: string, start: number): readonly [string, string] {
  const line = text.slice(text.lastIndexOf('\n', start - 1) + 1, start);
  const indent = /^\s*/.exec(line)?.[0] ?? '';
  return line.trim() === '' || !text.includes('\n') ? ['', ''] : [`\n${indent} `, `\n${indent}`];
}

function newCell({ hasIds, cells }: Notebook, text: string, { kind, source }: ViewCell): string {
  const model = cells[0];
  const column = model === undefined ? undefined : /\n([ \t]*)$/.exec(text.slice(0, model.range[0]))?.[1];
  const lines = source === '' ? [] : source.split(/(?<=\n)/);
  const id = createHash('sha256').update(source).digest('hex').slice(0, 8);
  const value = {
    cell_type: kind,
    ...(kind === 'code' && { execution_count: null }),
    ...(hasIds && { id }),
    metadata: {},
    ...(kind === 'code' && { outputs: [] }),
    source: lines,
  };
  const step = text.includes('\n') ? ' ' : '';
  return JSON.stringify(value, null, step).replaceAll('\n', `\n${column ?? ''}`);
}

/** What stands before the first cell, between two and behind the last. */
function separators({ cells, range: [start, end] }: Notebook, text: string) {
  const [first, second, last] = [cells[0], cells[1], cells.at(-1)];
  if (first === undefined || last === undefined) return { before: '\n  ', between: ',\n  ', after: '\n ' };
  const before = text.slice(start + 1, first.range[0]);
  const between = second === undefined ? `,${before}` : text.slice(first.range[1], second.range[0]);
  return { before, between, after: text.slice(last.range[1], end - 1) };
}
