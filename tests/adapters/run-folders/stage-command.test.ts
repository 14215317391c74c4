/** What the brief's commands are executed as, in every kind of job. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { basename, delimiter, join } from 'node:path';
import { expect, it } from 'vitest';
import { createRunFolders } from '../../../src/adapters/run-folders/file-run-folders.ts';
import { stageCommand } from '../../../src/adapters/run-folders/stage-command.ts';
import type { Brief } from '../../../src/core/brief/brief.ts';
import { createMemoryWorkspace, createScriptedEngine, scriptedBrief } from '../../../src/testing/index.ts';
import { notebookText } from '../../helpers/notebook-text.ts';
import { temporaryFolder } from '../../helpers/temporary-repo.ts';

const files = { 'lab/train.py': '', 'lab/prepare.py': '' };
const workspace = createMemoryWorkspace({ files, sandbox: 'lab', edit: ['train.py'], include: [], tag: 'nov23' });
const key = { experiment: 7, run: 1, seed: 42, commit: workspace.start };

const folders = (more: Partial<Brief> = {}, of = workspace) =>
  createRunFolders({
    engine: createScriptedEngine(() => ({ log: {}, end: undefined })),
    brief: {
      ...scriptedBrief,
      sandbox: 'lab',
      edit: ['train.py'],
      endAtBudget: true,
      budgetSeconds: 10,
      prepare: ['SIZE=small', 'PYTHONPATH=src', 'python', 'prepare.py'],
      train: ['env', 'PYTHONPATH=src', 'DEPTH=2', 'python', '-m', 'pkg.train'],
      ...more,
    },
    studyFolder: join(temporaryFolder(), 'runs', 'nov23'),
    sandboxInRepository: 'lab',
    userSandbox: join(temporaryFolder(), 'lab'),
    workspace: of,
    interpreter: '/venv/bin/python',
    environment: { PYTHONPATH: '/shell' },
  });

it('the variables that a command sets hold in a run and in a short run of a draft, with the search path of their own folder', async () => {
  const { layBase, sealBase, lay, laySmoke } = folders();
  await layBase(key.commit);
  await sealBase();
  for (const job of [await lay(key), await laySmoke?.(key, {})]) {
    const [train] = job?.stages ?? [];
    expect(train?.argv).toEqual(['/venv/bin/python', '-m', 'pkg.train']);
    expect(train?.env.DEPTH).toBe('2');
    expect(train?.env.PYTHONPATH?.split(delimiter).slice(1)).toEqual([join(train?.folder ?? '', 'src')]);
  }
});

it('a short run has its own time limit and is not ended at the budget, which would look like a failure', async () => {
  const { layBase, sealBase, lay, laySmoke } = folders();
  await layBase(key.commit);
  await sealBase();
  expect((await lay(key)).stages[0]?.endSeconds).toBe(10);
  expect((await laySmoke?.(key, {}))?.stages[0]?.endSeconds).toBeUndefined();
});

it('the variables that prepare sets are its own, and python is the study’s', async () => {
  const [prepare] = (await folders().layBase(key.commit))?.stages ?? [];
  expect(prepare?.argv).toEqual(['/venv/bin/python', 'prepare.py']);
  expect(prepare?.env.SIZE).toBe('small');
  expect(prepare?.env.PYTHONPATH?.split(delimiter).slice(1)).toEqual([join(prepare?.folder ?? '', 'src')]);
});

it('a short run of a draft of a notebook has a notebook with the draft’s cells', async () => {
  const [before, after] = ['lr = 0.1', 'lr = 0.3'].map((code) => notebookText([{ code }]));
  const notebook = createMemoryWorkspace({
    files: { 'lab/nb.ipynb': before ?? '' },
    sandbox: 'lab',
    edit: ['nb.ipynb'],
    include: [],
    tag: 'nov23',
  });
  const { layBase, sealBase, laySmoke } = folders({ edit: ['nb.ipynb'], train: ['nb.ipynb'] }, notebook);
  await layBase(notebook.start);
  await sealBase();
  const job = await laySmoke?.({ ...key, commit: notebook.start }, { 'nb.ipynb': '# %%\nlr = 0.3\n' });
  expect(await readFile(join(job?.stages[0]?.folder ?? '', 'nb.ipynb'), 'utf8')).toBe(after);
});

it.each([
  ['lab/.venv', '.venv/bin/python'],
  ['lab/env', './env/bin/p-train'],
  ['.venv', '../.venv/bin/python3'],
])('a program of the environment %s, which git ignores, is the checkout’s', (environment, program) => {
  const checkout = temporaryFolder();
  const tree = join(temporaryFolder(), 'work');
  const bin = join(checkout, environment, 'bin');
  mkdirSync(bin, { recursive: true });
  writeFileSync(join(checkout, environment, 'pyvenv.cfg'), '');
  writeFileSync(join(bin, basename(program)), '');
  const options = { folder: join(tree, 'lab'), environment: {}, interpreter: '/usr/bin/python3', checkout };
  const ownTree = { tree, checkouts: [checkout], editable: [], record: join(tree, 'imports.tsv') };
  const commandOf = (argv: readonly [string, ...string[]]) => stageCommand({ ...options, argv, ownTree }).argv;
  expect(commandOf([program, 'train.py'])).toEqual([join(bin, basename(program)), 'train.py']);
  expect(commandOf(['./train.sh', program])).toEqual(['./train.sh', program]);
});
