/**
 * A notebook as a text: the sources of its cells, each behind a line `# %%`, without outputs and metadata.
 *
 * This is what a model sees and edits, what knobs are read from and what proposals change. A markdown cell is a comment.
 * A line of a cell that looks like such a line has one more `%`.
 */
import { isNotebook, type NotebookCell, readNotebook } from './notebook.ts';

/** A cell of the view. */
export type ViewCell = Pick<NotebookCell, 'kind' | 'source'>;

/** The text of a file as a study works with it: a notebook's cells; any other file as it is. */
export function viewOf(path: string, text: string): string {
  const notebook = isNotebook(path) ? readNotebook(text) : undefined;
  return notebook === undefined ? text : notebook.cells.map(writeCell).join('\n');
}

/** The cells of a view, in order; text before the first marker is a code cell. */
export function readView(view: string): readonly ViewCell[] {
  const cells: { kind: ViewCell['kind']; lines: string[] }[] = [];
  for (const line of view.split('\n')) {
    const marker = /^# %%(?: \[(\w+)\].*)?\s*$/.exec(line);
    const last = cells.at(-1);
    if (marker !== null) cells.push({ kind: kindOf(marker[1]), lines: [] });
    else if (last !== undefined) last.lines.push(line);
    else if (line.trim() !== '') cells.push({ kind: 'code', lines: [line] });
  }
  return cells.map(({ kind, lines }) => ({ kind, source: sourceOf(kind, lines) }));
}

function kindOf(word: string | undefined): ViewCell['kind'] {
  return word === 'markdown' || word === 'raw' ? word : 'code';
}

function writeCell({ kind, source, tags }: NotebookCell): string {
  const word = kind !== 'code' ? kind : tags.includes('parameters') ? 'parameters' : undefined;
  const marker = word === undefined ? '# %%' : `# %% [${word}]`;
  const body = kind === 'code' ? source : source.replace(/^/gm, '# ');
  return `${marker}\n${body.replace(/^# %%/gm, '# %%%')}\n`;
}

/** Without the empty line behind the cell, which the view adds. */
function sourceOf(kind: ViewCell['kind'], lines: readonly string[]): string {
  const own = lines.at(-1)?.trim() === '' ? lines.slice(0, -1) : lines;
  const text = own.join('\n').replace(/^# %%%/gm, '# %%');
  return kind === 'code' ? text : text.replace(/^# ?/gm, '');
}
