import { expect, it } from 'vitest';
import { readNotebookCommand, runnerArgv } from '../../../src/adapters/notebooks/notebook-command.ts';

it.each([
  'nb.ipynb',
  'jupyter nbconvert --to notebook --execute nb.ipynb',
  'jupyter nbconvert --execute --inplace nb.ipynb',
  'jupyter execute nb.ipynb',
  'papermill nb.ipynb out.ipynb',
  'python -m nbconvert --execute nb.ipynb',
  'python -m papermill nb.ipynb out.ipynb',
  '.venv/bin/jupyter execute nb.ipynb',
  'ipython nb.ipynb',
])('%s runs through the runner', (command) => {
  const found = readNotebookCommand(command.split(' '));
  expect(found).toEqual({ before: [], notebook: 'nb.ipynb', parameters: [] });
  const argv = found && runnerArgv(found, '/usr/bin/python3');
  expect(argv?.slice(0, 2)).toEqual(['/usr/bin/python3', '-u']);
  expect(argv?.slice(2)).toEqual([expect.stringMatching(/src\/python\/run_notebook\.py$/), 'nb.ipynb']);
});

it("what provides the project's Python stays before it", () => {
  const found = readNotebookCommand('uv run --with x jupyter execute a/nb.ipynb'.split(' '));
  expect(found && runnerArgv(found, '/usr/bin/python3').slice(0, 6)).toEqual([
    'uv',
    'run',
    '--with',
    'x',
    'python',
    '-u',
  ]);
});

it("papermill's parameters are passed on", () => {
  const found = readNotebookCommand('papermill nb.ipynb - -p lr 0.1 -p name a'.split(' '));
  expect(found && runnerArgv(found, 'p').slice(3)).toEqual(['nb.ipynb', '-p', 'lr', '0.1', '-p', 'name', 'a']);
});

it.each(['python train.py', 'python execute.py nb.ipynb', 'bash run.sh nb.ipynb', './main nb.ipynb'])(
  '%s is left as it is',
  (command) => {
    expect(readNotebookCommand(command.split(' '))).toBeUndefined();
  },
);
