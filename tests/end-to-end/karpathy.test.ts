import { execFileSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, symlinkSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { expect, type TestContext, test } from 'vitest';
import { addCommitted } from '../helpers/bad-input.ts';
import { entriesOf, journalOf, nocturne, project } from '../helpers/nocturne.ts';
import { type TemporaryRepo, temporaryFolder } from '../helpers/temporary-repo.ts';

const run = ['run', '--tag', 'k', '--max-experiments', '3'];
const tinyoptim = 'def distance(a, b):\n    return abs(a - b)\n';

test('a folder of karpathy/autoresearch runs as it is, with the packages of its own .venv', async () => {
  const repo = project('karpathy');
  execFileSync('python3', ['-m', 'venv', '--without-pip', join(repo.root, '.venv')]);
  const [version = ''] = readdirSync(join(repo.root, '.venv', 'lib'));
  repo.write(`.venv/lib/${version}/site-packages/tinyoptim.py`, tinyoptim);

  const said = await nocturne(repo.root, run);

  expect(said.exitCode, said.stderr).toBe(0);
  const [started] = entriesOf(journalOf(repo.root, 'k'), 'study-started');
  expect(started?.frozen).toMatchObject({ metric: { name: 'val_bpb', goal: 'minimize' }, budgetSeconds: 1 });
  expect(started?.interpreter).toBe(join(repo.root, '.venv', 'bin', 'python'));
  expectToldOfSeed(repo, said.stderr);
});

test('the figures of its summary are journalled, peak_vram_mb as the memory of results.tsv', async () => {
  const repo = project('karpathy');
  addCommitted(repo, 'tinyoptim.py', tinyoptim);

  const said = await nocturne(repo.root, [...run, '--json']);

  expect(said.exitCode, said.stderr).toBe(0);
  const [first] = entriesOf(journalOf(repo.root, 'k'), 'run-ended');
  expect(Object.keys(first?.result.measurement?.metrics ?? {}).sort()).toEqual([
    'depth',
    'mfu_percent',
    'num_params_M',
    'num_steps',
    'peak_memory_mb',
    'total_seconds',
    'total_tokens_M',
    'training_seconds',
  ]);
  const [header, baseline] = repo.read('runs/k/results.tsv').split('\n');
  expect(header).toBe('commit\tval_bpb\tmemory_gb\tstatus\tdescription');
  expect(baseline).toMatch(/^[0-9a-f]{7}\t1\.\d{6}\t44\.0\tkeep\tbaseline$/);
  const events = said.stdout.split('\n').map((line) => JSON.parse(line) as { event: string; message?: string });
  const warnings = events.filter(({ event }) => event === 'warning-raised');
  expect(warnings).toEqual([{ event: 'warning-raised', message: expect.stringMatching(/^Seed not honoured: /) }]);
  expect(events.some((event) => event.event === 'run-progressed' && 'loss' in event && 'progress' in event)).toBe(true);
});

test('a folder with a pyproject.toml and no .venv is given one by uv', { timeout: 180_000 }, async (context) => {
  const path = pathWithUv(context);
  const repo = project('karpathy');
  repo.write('tinyoptim.py', tinyoptim);
  repo.write('pyproject.toml', '[project]\nname = "autoresearch"\nversion = "0.1.0"\nrequires-python = ">=3.8"\n');
  // Fails unless the python that trains is the one of the environment that uv made.
  repo.write('train.py', `import sys\nassert sys.prefix.endswith("/.venv"), sys.prefix\n${repo.read('train.py')}`);
  repo.commit();

  const said = await nocturne(repo.root, run, { PATH: path, XDG_CACHE_HOME: temporaryFolder() });

  expect(said.exitCode, said.stderr).toBe(0);
  expect(said.stderr).toContain('Preparing the data');
  expect(readdirSync(repo.root)).not.toContain('.venv');
  expectToldOfSeed(repo, said.stderr);
});

/** Its seed is fixed in the script, so the owner must know what three equal baselines are worth. */
function expectToldOfSeed(repo: TemporaryRepo, stderr: string): void {
  // Under a wall clock a run that others disturbed is made again; it is not one of the six.
  const ended = entriesOf(journalOf(repo.root, 'k'), 'run-ended').filter(
    ({ result }) => !result.contention?.isRepeated,
  );
  const values = ended.map(({ result }) => result.measurement?.value);
  expect(values).toHaveLength(6);
  expect(new Set(values.slice(0, 3)).size).toBe(1);
  expect(stderr.match(/warning: Seed not honoured/g)).toHaveLength(1);
  expect(readFileSync(join(repo.root, 'runs', 'k', 'report.md'), 'utf8')).toContain('Seed not honoured');
}

/** A PATH that has the uv of PyPI before everything else. */
function pathWithUv(context: TestContext): string {
  const home = temporaryFolder();
  const bin = join(home, 'bin');
  const pip = ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', 'uv'];
  try {
    execFileSync('python3', ['-m', 'venv', join(home, 'venv')], { stdio: 'pipe' });
    execFileSync(join(home, 'venv', 'bin', 'python'), pip, { stdio: 'pipe', timeout: 90_000 });
  } catch (error) {
    context.skip(`uv cannot be installed here: ${(error as Error).message.split('\n')[0]}`);
  }
  mkdirSync(bin);
  symlinkSync(join(home, 'venv', 'bin', 'uv'), join(bin, 'uv'));
  return `${bin}${delimiter}${process.env.PATH}`;
}
