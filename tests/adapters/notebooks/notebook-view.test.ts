import { expect, it } from 'vitest';
import { comparablePythonOf, pythonOf } from '../../../src/adapters/notebooks/notebook-python.ts';
import { viewOf } from '../../../src/adapters/notebooks/notebook-view.ts';
import { writeView } from '../../../src/adapters/notebooks/write-view.ts';
import { notebookText } from '../../helpers/notebook-text.ts';

const cells = [
  { markdown: '# Title\n\n%% of all' },
  { code: 'lr = 0.1\nbatch = 64', tags: ['parameters'] },
  { code: '%matplotlib inline\nprint(f"score: {lr}")', printed: 'score: 0.1\n' },
  { code: '' },
  { code: 'x = 1\n# %% no cell\n\n' },
];
const text = notebookText(cells);
const path = 'nb.ipynb';
const view = viewOf(path, text);

it('a notebook is shown as the sources of its cells, without outputs', () => {
  expect(view).toBe(
    '# %% [markdown]\n# # Title\n# \n# %%% of all\n\n# %% [parameters]\nlr = 0.1\nbatch = 64\n\n' +
      '# %%\n%matplotlib inline\nprint(f"score: {lr}")\n\n# %%\n\n\n# %%\nx = 1\n# %%% no cell\n\n\n',
  );
});

it('a view that nothing was changed in gives the same notebook, without outputs', () => {
  const bare = notebookText(cells.map(({ printed: _, ...cell }) => cell));
  expect(writeView(path, text, view)).toBe(bare);
  expect(writeView(path, bare, view)).toBe(bare);
});

it('a changed line is one changed line of the file', () => {
  const bare = writeView(path, text, view).split('\n');
  const after = writeView(path, text, view.replace('lr = 0.1\n', 'lr = 0.3\n')).split('\n');
  const changed = after.filter((line, index) => line !== bare[index]);
  expect(changed.map((line) => line.trim())).toEqual(['"lr = 0.3\\n",']);
});

it.each([
  ['with windows line ends', text.replaceAll('\n', '\r\n')],
  ['in one line', JSON.stringify(JSON.parse(text))],
  [
    'with strings as sources',
    JSON.stringify(
      JSON.parse(text, (key, value) => (key === 'source' ? value.join('') : value)),
      null,
      2,
    ),
  ],
])('a notebook %s keeps its form', (_, other) => {
  const after = writeView(path, other, viewOf(path, other).replace('lr = 0.1', 'lr = 0.3'));
  expect(viewOf(path, after)).toBe(view.replace('lr = 0.1', 'lr = 0.3'));
  expect(after.includes('\r\n')).toBe(other.includes('\r\n'));
  expect(after.includes('\n')).toBe(other.includes('\n'));
  const kindsOf = (each: string) => JSON.parse(each).cells.map(({ source }: { source: unknown }) => typeof source);
  expect(kindsOf(after)).toEqual(kindsOf(other));
});

it('cells may be added and taken away, and the others keep their ids', () => {
  const added = `# %%\nfirst = 0\n\n${view.replace('# %%\n\n\n', '')}`;
  const after = JSON.parse(writeView(path, text, added));
  expect(after.cells.map(({ id, cell_type: kind }: { id: string; cell_type: string }) => [id, kind])).toEqual([
    [expect.stringMatching(/^[0-9a-f]{8}$/), 'code'],
    ['cell0', 'markdown'],
    ['cell1', 'code'],
    ['cell2', 'code'],
    ['cell4', 'code'],
  ]);
  expect(viewOf(path, JSON.stringify(after))).toBe(added);
});

it('what is no notebook stays as it is', () => {
  expect(viewOf('a.py', text)).toBe(text);
  expect(viewOf(path, view)).toBe(view);
  expect(viewOf(path, '{"cells": 1}')).toBe('{"cells": 1}');
});

it('what only a notebook understands becomes Python of the same length', () => {
  const source = [
    '# %%',
    '%%time',
    'lr = 0.1',
    '!pip install x',
    'if True:',
    '    %timeit f()',
    'files = !ls',
    'print("a"',
    '  % (1,))',
    'print?',
    '# %%',
    '%%bash',
    'echo é',
    '# %%',
    'z = a != b',
  ].join('\n');
  const python = pythonOf(source);
  const lengths = (each: string) => each.split('\n').map((line) => Buffer.byteLength(line));
  expect(lengths(python)).toEqual(lengths(source));
  expect(python.split('\n').map((line) => line.trimEnd())).toEqual([
    '# %%',
    '0',
    'lr = 0.1',
    '0',
    'if True:',
    '    0',
    'files = 0',
    'print("a"',
    '  % (1,))',
    '0',
    '# %%',
    '0',
    '0',
    '# %%',
    'z = a != b',
  ]);
  expect(comparablePythonOf('!pip install x')).not.toBe(comparablePythonOf('!pip install y'));
});
