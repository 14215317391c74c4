/** Notebooks for tests, as Jupyter writes them. */

export interface CellGiven {
  readonly code?: string;
  readonly markdown?: string;
  readonly tags?: readonly string[];
  readonly printed?: string;
}

/** The text of a notebook with these cells, with an indentation of one blank. */
export function notebookText(cells: readonly CellGiven[], metadata: object = python): string {
  const made = cells.map(({ code, markdown, tags, printed }, index) => {
    const lines = (code ?? markdown ?? '').split(/(?<=\n)/).filter((line) => line !== '');
    const common = { id: `cell${index}`, metadata: tags === undefined ? {} : { tags } };
    if (markdown !== undefined) return { cell_type: 'markdown', ...common, source: lines };
    const outputs = printed === undefined ? [] : [{ name: 'stdout', output_type: 'stream', text: [printed] }];
    const count = printed === undefined ? null : index + 1;
    return { cell_type: 'code', execution_count: count, ...common, outputs, source: lines };
  });
  return `${JSON.stringify({ cells: made, metadata, nbformat: 4, nbformat_minor: 5 }, null, 1)}\n`;
}

const python = { kernelspec: { display_name: 'Python 3', language: 'python', name: 'python3' } };
