/** The notebooks run as they are: only `google.colab` is stood in for, and the budgets are short. */
import { cpSync, existsSync, readdirSync, rmSync, symlinkSync } from 'node:fs';
import { delimiter, dirname, join, resolve } from 'node:path';
import { execa } from 'execa';
import { expect, onTestFinished, test } from 'vitest';
import { enginePython } from '../helpers/engine-python.ts';
import { entriesOf, journalOf, projectFixture } from '../helpers/nocturne.ts';
import { oldNode } from '../helpers/old-node.ts';
import { openRepo, temporaryFolder } from '../helpers/temporary-repo.ts';

/** Runs a fixture with the engine tests' Python, in a folder; gives what it printed. */
async function python([script = '', ...args]: readonly string[], folder: string, variables: Record<string, string>) {
  const { PATH = '', HOME, npm_config_registry, npm_config_cache } = process.env;
  const env = {
    PATH: dirname(enginePython()) + delimiter + PATH,
    HOME,
    npm_config_registry,
    npm_config_cache,
    PYTHONPATH: resolve('tests/fixtures/colab'),
    NOCTURNE_SOURCE: resolve('.'),
    // Whatever else is on this machine, such as a /content.
    NIGHT_WORK: folder,
    XDG_CACHE_HOME: join(folder, 'cache'),
    MPLBACKEND: 'agg',
    ...variables,
  };
  const child = execa(enginePython(), [resolve('tests/fixtures', script), ...args], {
    cwd: folder,
    env: Object.fromEntries(Object.entries(env).filter(([, value]) => value !== undefined)),
    extendEnv: false,
    reject: false,
  });
  // Also when the test ran out of time.
  onTestFinished(() => void child.kill());
  const { stdout, stderr, exitCode } = await child;
  expect({ exitCode, stderr: exitCode === 0 ? '' : stderr }).toEqual({ exitCode: 0, stderr: '' });
  return stdout;
}

/** Runs a whole notebook in a folder; its kernel's Python is the same. */
function run(name: string, folder: string, variables: Record<string, string>): Promise<string> {
  return python(['run_notebook.py', resolve(`notebooks/${name}.ipynb`), folder], folder, variables);
}

/** As after the cell that installs: once is enough to see that it works. */
function haveInstalled(folder: string): void {
  symlinkSync(resolve('.'), join(folder, 'nocturne'));
}

/**
 * A project that is there already, whose training takes a moment and little of a processor: on a machine with other work each
 * training of the real one is repeated, and a night of them takes a quarter of an hour.
 */
function haveProject(folder: string): void {
  cpSync(projectFixture('quick'), folder, { recursive: true });
  const repo = openRepo(folder);
  repo.git('init', '--quiet', '--initial-branch=main');
  repo.write('program.md', repo.read('program.md').replace('budget: 1s', 'budget: 1s\nstop: { experiments: 100 }'));
  repo.commit('start');
}

test('a night ends, its machine vanishes, and the same cells go on from the mirror', {
  timeout: 1_500_000,
}, async () => {
  const folder = temporaryFolder();
  const mirror = join(folder, 'mirror');
  const machine = join(folder, 'machine');
  const variables = { NIGHT_BUDGET: '3s', NIGHT_MIRROR: mirror };
  haveProject(join(machine, 'night'));
  // With Node 18 first on PATH the notebook takes the Node of a wheel, and its npm.
  const PATH = [oldNode(), dirname(enginePython()), process.env.PATH].join(delimiter);
  const first = await run('overnight', machine, { ...variables, PATH, NIGHT_EXPERIMENTS: '1' });
  expect(first).toMatch(/^node 2[4-9]\./m);
  expect(first).toContain('finished');
  const before = journalOf(join(machine, 'night'), 'night');
  rmSync(machine, { recursive: true });
  haveProject(join(machine, 'night'));
  haveInstalled(machine);

  const second = await run('overnight', machine, { ...variables, NIGHT_EXPERIMENTS: '2' });
  expect(second).toContain('with 1 experiment.');
  const after = journalOf(join(machine, 'night'), 'night');
  expect(after.slice(0, before.length)).toEqual(before);
  expect(entriesOf(after, 'proposal-made').map(({ experiment }) => experiment)).toEqual([1, 2]);
  // The runs of the first night stand; only the second experiment's are new.
  const runs = entriesOf(after, 'run-started').filter(({ experiment }) => experiment < 2);
  expect(runs).toEqual(entriesOf(before, 'run-started').filter(({ experiment }) => experiment < 2));
  expect(existsSync(join(machine, 'night/runs/night/report.html'))).toBe(true);
  expect(readdirSync(mirror)).toContain('night');
});

test('the project that the cells make is sized for this machine, and the form is in its brief', async () => {
  const folder = temporaryFolder();
  haveInstalled(folder);
  const cells = 'settings!,install!,keys,project!,brief!,doctor!';
  const said = await python(['notebook_cells.py', resolve('notebooks/overnight.ipynb'), cells, ''], folder, {
    NIGHT_BUDGET: '3s',
    NIGHT_EXPERIMENTS: '7',
    NIGHT_DATA: 'stdlib',
  });
  for (const line of ['budget: 3s', 'stop: { experiments: 7, hours: 8 }', 'train: python train.py'])
    expect(said.split('\n')).toContain(line);
  expect(said).toMatch(/^prepare: .*--data stdlib/m);
  expect(said).toMatch(/^# made for: /m);
});

test('three ways to search are compared, and the best is a commit', { timeout: 1_500_000 }, async () => {
  const folder = temporaryFolder();
  haveInstalled(folder);
  const said = await run('hyperparameters', folder, { NIGHT_BUDGET: '1s', NIGHT_EXPERIMENTS: '2', NIGHT_CONFIRM: '2' });
  for (const tag of ['grid', 'random', 'bayes']) {
    expect(entriesOf(journalOf(join(folder, 'hyperparameters'), tag), 'study-stopped')).toHaveLength(1);
  }
  expect(said).toContain('LEARNING_RATE');
  const { stdout } = await execa('git', ['branch', '--list', 'autoresearch/*'], {
    cwd: join(folder, 'hyperparameters'),
  });
  expect(stdout.split('\n')).toHaveLength(3);
});
