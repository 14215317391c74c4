import { execFileSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { withCages } from '../helpers/cages.ts';
import { expectToldOfSeed, karpathyRun, tinyoptim } from '../helpers/karpathy.ts';
import { entriesOf, journalOf, nocturne, project } from '../helpers/nocturne.ts';
import { emptyRepo } from '../helpers/temporary-repo.ts';

withCages();

test('a folder of karpathy/autoresearch runs as it is, with the packages of its own .venv', async () => {
  const repo = project('karpathy');
  execFileSync('python3', ['-m', 'venv', '--without-pip', join(repo.root, '.venv')]);
  const [version = ''] = readdirSync(join(repo.root, '.venv', 'lib'));
  repo.write(`.venv/lib/${version}/site-packages/tinyoptim.py`, tinyoptim);

  const said = await nocturne(repo.root, karpathyRun);

  expect(said.exitCode, said.stderr).toBe(0);
  const [started] = entriesOf(journalOf(repo.root, 'k'), 'study-started');
  expect(started?.frozen).toMatchObject({ metric: { name: 'val_bpb', goal: 'minimize' }, budgetSeconds: 1 });
  expect(started?.interpreter).toBe(join(repo.root, '.venv', 'bin', 'python'));
  expectToldOfSeed(repo, said.stderr);
});

test('the figures of its summary are journalled, peak_vram_mb as the memory of results.tsv', async () => {
  const repo = project('karpathy');
  repo.write('tinyoptim.py', tinyoptim);
  // Longer than one look at a run takes, so that there are live figures.
  repo.write('train.py', repo.read('train.py').replace('TIME_BUDGET * 0.2', 'TIME_BUDGET * 0.8'));
  repo.commit();

  const said = await nocturne(repo.root, ['run', '--tag', 'k', '--max-experiments', '1', '--json']);

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

test('a fork with another metric, file and command runs as it is, and says what it assumed', async () => {
  const repo = emptyRepo();
  repo.write('.gitignore', 'run.log\n__pycache__/\n');
  repo.write('prepare.py', 'TIME_BUDGET = 1  # seconds\n');
  repo.write('model.py', 'LEARNING_RATE = 0.1\n');
  repo.write(
    'evaluate.py',
    'import model\n\nprint(f"val_acc: {0.5 + min(0.4, model.LEARNING_RATE):.4f}  n: 3", flush=True)\n',
  );
  const lines = [
    '# A fork',
    'Get the highest `val_acc`. You may ONLY modify `model.py`. Never touch `evaluate.py` or `prepare.py`.',
    'Run `uv run evaluate.py > run.log 2>&1`, then `grep "^val_acc:" run.log`.',
  ];
  repo.write('program.md', `${lines.join('\n')}\n`);
  repo.commit();

  const said = await nocturne(repo.root, ['run', '--tag', 'k', '--max-experiments', '1', '--researcher', 'random']);

  expect(said.exitCode, said.stderr).toBe(0);
  expect(said.stderr).toContain('program.md has no front matter. Assumed, each with where it is from:');
  expect(said.stderr).toMatch(/^ {2}edit: \[model\.py\] +# program\.md line 2$/m);
  expect(said.stderr).toMatch(/^ {2}train: python evaluate\.py +# program\.md line 3$/m);
  const [started] = entriesOf(journalOf(repo.root, 'k'), 'study-started');
  expect(started?.frozen).toMatchObject({ metric: { name: 'val_acc', goal: 'maximize' }, edit: ['model.py'] });
  const [baseline] = entriesOf(journalOf(repo.root, 'k'), 'run-ended');
  expect(baseline?.result.measurement?.value).toBe(0.6);
});
