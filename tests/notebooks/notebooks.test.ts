/** The notebooks as files: what Colab and readers of a diff need. Running them is the engine tests' work. */
import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';

interface Cell {
  readonly cell_type: string;
  readonly id: string;
  readonly source: readonly string[];
  readonly outputs?: readonly unknown[];
  readonly execution_count?: number | null;
}

const names = readdirSync('notebooks').filter((name) => name.endsWith('.ipynb'));

function cellsOf(name: string): readonly Cell[] {
  return JSON.parse(readFileSync(`notebooks/${name}`, 'utf8')).cells;
}

test('there are the two notebooks', () => {
  expect(names).toEqual(['hyperparameters.ipynb', 'overnight.ipynb']);
});

test.each(names)('%s is in the format of today, each cell with an id of its own', (name) => {
  expect(JSON.parse(readFileSync(`notebooks/${name}`, 'utf8'))).toMatchObject({ nbformat: 4, nbformat_minor: 5 });
  const ids = cellsOf(name).map((cell) => cell.id);
  expect(new Set(ids).size).toBe(ids.length);
});

test.each(names)('%s carries no output, no count and no key', (name) => {
  for (const cell of cellsOf(name).filter(({ cell_type }) => cell_type === 'code')) {
    expect(cell).toMatchObject({ outputs: [], execution_count: null });
  }
  expect(readFileSync(`notebooks/${name}`, 'utf8')).not.toMatch(/sk-[A-Za-z0-9]|ghp_|AIza|hf_[A-Za-z]{10}/);
});

test.each(names)('%s begins with a badge that opens it', (name) => {
  expect(cellsOf(name)[0]?.source.join('')).toContain(`/notebooks/${name})`);
});

test('both install in the same way', () => {
  const [first, second] = names.map((name) => cellsOf(name).find(({ id }) => id === 'install')?.source);
  expect(second).toEqual(first);
});
