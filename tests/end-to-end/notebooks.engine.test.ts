/** Studies of notebooks, run by the real nbclient. */
import { join } from 'node:path';
import { execa } from 'execa';
import { expect, test } from 'vitest';
import { enginePython } from '../helpers/engine-python.ts';
import { entriesOf, journalOf, nocturne } from '../helpers/nocturne.ts';
import { type CellGiven, notebookText } from '../helpers/notebook-text.ts';
import { type TemporaryRepo, temporaryRepo } from '../helpers/temporary-repo.ts';

const brief = (more = '') =>
  `---\nmetric: loss # lower is better\ntrain: nb.ipynb\nbudget: 20s\ntimeout: 60s\nresearcher: random\npolicy: greedy\n${more}---\nLower it.\n`;
const score = { code: 'import os\nprint(f"loss: {(lr - 1) ** 2 + decay:.6f}")', printed: 'loss: 9.9\n' };
const study: readonly CellGiven[] = [
  { markdown: '# A study' },
  {
    code: 'lr = 0.1\ndecay = 0.01\nseed = int(os.environ["NOCTURNE_SEED"]) if "os" in globals() else 0',
    tags: ['parameters'],
  },
  { code: '%%time\n!echo said by a shell' },
  score,
];

function repoOf(cells: readonly CellGiven[], text = brief()): TemporaryRepo {
  return temporaryRepo({ 'program.md': text, 'nb.ipynb': notebookText(cells), '.gitignore': 'runs/\n' });
}

const run = (repo: TemporaryRepo, max: number, more: readonly string[] = []) =>
  nocturne(repo.root, ['run', '--tag', 't', '--python', enginePython(), '--max-experiments', String(max), ...more]);

test('the knobs of cells are searched, an experiment changes one cell, and the scores are those of the cells', async () => {
  const repo = repoOf(study);
  const said = await run(repo, 1);
  expect(said.exitCode, said.stderr + said.stdout).toBe(0);
  const journal = journalOf(repo.root, 't');
  const [candidate] = entriesOf(journal, 'candidate-committed').filter(({ experiment }) => experiment === 1);
  const before = JSON.parse(repo.read('nb.ipynb'));
  const after = JSON.parse(repo.git('show', `${candidate?.commit}:nb.ipynb`));
  const cellsOf = ({ cells }: { cells: readonly { source: readonly string[] }[] }) =>
    cells.map(({ source }) => source.join(''));
  const changed = cellsOf(after).filter((source, index) => source !== cellsOf(before)[index]);
  expect(changed).toHaveLength(1);
  expect(changed[0]).toMatch(/^lr = /);
  expect(after.cells.every(({ outputs = [] }: { outputs?: readonly unknown[] }) => outputs.length === 0)).toBe(true);
  expect(after.metadata).toEqual(before.metadata);
});

test('what cells print, show and run is printed while it happens, and parameters come after their cell', async () => {
  const { root } = repoOf([
    { code: 'lr = 0.1', tags: ['parameters'] },
    { code: '%matplotlib inline\nimport matplotlib.pyplot as plt\nplt.plot([1, 2])\nplt.show()' },
    { code: '%%time\nprint("timed", lr)' },
    { code: '!echo said by a shell' },
    { code: 'lr * 2' },
  ]);
  const argv = ['src/python/run_notebook.py', join(root, 'nb.ipynb'), '-p', 'lr', '0.25'];
  const { stdout, exitCode } = await execa(enginePython(), argv);
  expect(exitCode).toBe(0);
  const lines = stdout.split(/\r?\n/).map((line) => line.replace(/^(Wall|CPU) time.*/, 'time'));
  expect(lines).toEqual(expect.arrayContaining(['timed 0.25', 'said by a shell', '0.5']));
  expect(stdout).toContain('<Figure size');
});

test('a cell that fails is the reason, and the notebook in the checkout is not written', async () => {
  const repo = repoOf([{ code: 'lr = 0.1' }, { code: 'print("loss: 1")\nraise ValueError("width must be even")' }]);
  const text = repo.read('nb.ipynb');
  const said = await run(repo, 1);
  expect(said.stdout + said.stderr).toContain('ValueError: width must be even');
  expect(repo.read('nb.ipynb')).toBe(text);
});

test.each([
  ['input', 'input("name?")', 'StdinNotImplementedError'],
  ['a kernel that dies', 'import os\nos._exit(3)', 'DeadKernelError'],
])('%s ends the run with a reason', async (_, code, reason) => {
  const said = await run(repoOf([{ code: 'lr = 0.1' }, { code }]), 1);
  expect(said.exitCode).not.toBe(0);
  expect(said.stdout + said.stderr).toContain(reason);
});

test('a Python without nbclient is one sentence before the baseline', async () => {
  const { exitCode, stderr } = await nocturne(repoOf(study).root, [
    'run',
    '--python',
    'python3',
    '--max-experiments',
    '1',
  ]);
  expect(exitCode).not.toBe(0);
  expect(stderr).toContain('has no nbclient');
  expect(stderr).toContain('-m pip install nbclient');
});
