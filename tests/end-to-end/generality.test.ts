import { join } from 'node:path';
import { expect, test } from 'vitest';
import { addCommitted, inBrief, replaceInBrief } from '../helpers/bad-input.ts';
import { withCages } from '../helpers/cages.ts';
import { entriesOf, journalOf, nocturne, project } from '../helpers/nocturne.ts';
import { openRepo, type TemporaryRepo, temporaryFolder } from '../helpers/temporary-repo.ts';

withCages();

test('a metric to maximise is read with a pattern, and the last match counts', async () => {
  const repo = project('accuracy');
  const kept = await keptScores(repo);
  expect(kept.length).toBeGreaterThan(1);
  expect(kept).toEqual([...kept].sort((a, b) => a - b));
  expect(kept[0]).toBeGreaterThan(62);
});

test('a metric in metrics.json and several editable files: a keep may change any of them', async () => {
  const repo = project('f1');
  const kept = await keptScores(repo);
  expect(kept).toEqual([...kept].sort((a, b) => a - b));
  const changed = repo.git('diff', '--name-only', 'main', 'autoresearch/night').split('\n');
  expect(['model.py', 'settings/optim.py']).toEqual(expect.arrayContaining(changed));
  const edited = entriesOf(journalOf(repo.root, 'night'), 'proposal-made').flatMap(({ proposal }) => proposal.edits);
  expect(new Set(edited.map((edit) => edit.file))).toEqual(new Set(['model.py', 'settings/optim.py']));
  const [baseline] = entriesOf(journalOf(repo.root, 'night'), 'run-ended');
  expect(baseline?.result.measurement?.metrics).toEqual({ recall: 0.25 });
});

test('a training in another language runs, with its knobs in a file of constants', async () => {
  const repo = project('node');
  const kept = await keptScores(repo);
  expect(kept).toEqual([...kept].sort((a, b) => b - a));
  expect(repo.git('diff', '--name-only', 'main', 'autoresearch/night')).toBe('knobs.py');
});

test('a project inside a bigger repository runs with its included, linked and prepared files, and nothing else', async () => {
  const repo = project('monorepo', 'größer als/eins');
  const folder = 'größer als/eins/ml/lab';
  addCommitted(repo, `${folder}/.gitignore`, 'raw/\n');
  repo.write(`${folder}/raw/numbers.txt`, '1\n2\n3\n');
  repo.write('größer als/eins/web/app.js', 'being edited');

  const kept = await keptScores(repo, folder);

  expect(kept.length).toBeGreaterThan(1);
  expect(repo.git('diff', '--name-only', 'main', 'autoresearch/night')).toContain('ml/lab/train.py');
  expect(repo.git('status', '--porcelain').split('\n')).toHaveLength(1);
});

test('a study starts from a detached HEAD, in a linked worktree', async () => {
  const repo = project('quick');
  const first = repo.git('rev-parse', 'HEAD');
  addCommitted(repo, 'later.txt', 'later\n');
  const worktree = join(temporaryFolder(), 'a worktree');
  repo.git('worktree', 'add', '--quiet', '--detach', worktree, first);

  await keptScores(openRepo(worktree), '.', 2);

  expect(entriesOf(journalOf(worktree, 'night'), 'study-started')[0]?.start).toBe(first);
  expect(openRepo(worktree).git('status', '--porcelain')).toBe('');
  expect(repo.git('status', '--porcelain')).toBe('');
  expect(repo.git('merge-base', 'autoresearch/night', 'main')).toBe(first);
});

test('a study starts from a named branch, or from the files as they are now', async () => {
  const repo = project('quick');
  repo.git('checkout', '--quiet', '-b', 'idea');
  addCommitted(repo, 'train.py', repo.read('train.py').replace('WIDTH = 4', 'WIDTH = 32'));
  const idea = repo.git('rev-parse', 'HEAD');
  repo.git('checkout', '--quiet', 'main');

  const named = await nocturne(repo.root, ['run', '--tag', 'a', '--from', 'idea', '--max-experiments', '1']);
  expect(named.exitCode, named.stderr).toBe(0);
  expect(entriesOf(journalOf(repo.root, 'a'), 'study-started')[0]?.start).toBe(idea);

  repo.write('train.py', repo.read('train.py').replace('WIDTH = 4', 'WIDTH = 2'));
  const asIs = await nocturne(repo.root, ['run', '--tag', 'b', '--from', 'worktree', '--max-experiments', '1']);
  expect(asIs.exitCode, asIs.stderr).toBe(0);
  expect(asIs.stderr).toContain('as they are now were recorded as commit');
  const start = entriesOf(journalOf(repo.root, 'b'), 'study-started')[0]?.start ?? '';
  expect(repo.git('show', `${start}:train.py`)).toContain('WIDTH = 2');
  expect(repo.read('train.py')).toContain('WIDTH = 2');
});

test('a finished night is built upon by starting from its branch', async () => {
  const repo = project('quick');
  await keptScores(repo, '.', 2);
  const more = await nocturne(repo.root, [
    'run',
    '--tag',
    'next',
    '--from',
    'autoresearch/night',
    '--max-experiments',
    '1',
  ]);
  expect(more.exitCode, more.stderr).toBe(0);
  const start = entriesOf(journalOf(repo.root, 'next'), 'study-started')[0]?.start;
  expect(start).toBe(repo.git('rev-parse', 'autoresearch/night'));
});

test('untracked files are named in one warning and are absent from runs', async () => {
  const repo = project('quick');
  repo.write('helper.py', 'x = 1\n');
  const said = await nocturne(repo.root, ['run', '--tag', 'a', '--max-experiments', '1']);
  expect(said.exitCode, said.stderr).toBe(0);
  expect(said.stderr.match(/^warning: Not in git.*$/gm)).toEqual([
    'warning: Not in git, so absent from runs: helper.py.',
  ]);
});

test('the brief may be named as a file, from elsewhere', async () => {
  const repo = project('quick', 'projects/one');
  const said = await nocturne(temporaryFolder(), [
    'run',
    join(repo.root, 'projects/one/program.md'),
    ...['--tag', 'a', '--max-experiments', '1'],
  ]);
  expect(said.exitCode, said.stderr).toBe(0);
  expect(journalOf(join(repo.root, 'projects/one'), 'a').length).toBeGreaterThan(10);
  expect(repo.git('status', '--porcelain')).toBe('');
});

test('a grid ends the study when every point was tried', async () => {
  const repo = project('accuracy');
  replaceInBrief('int 1..8', '"choice 1, 2, 3"')(repo);
  inBrief('researcher: grid')(repo);
  const said = await nocturne(repo.root, ['run', '--tag', 'a', '--json']);
  expect(said.exitCode, said.stderr).toBe(0);
  const events = said.stdout.split('\n').map((line) => JSON.parse(line) as { event: string; reason?: string });
  expect(events.at(-1)).toMatchObject({ event: 'study-stopped', reason: 'exhausted' });
  expect(events.filter(({ event }) => event === 'proposal-made')).toHaveLength(2);
});

test('a target ends the study as soon as it is reached', async () => {
  const repo = project('accuracy');
  const said = await nocturne(repo.root, ['run', '--tag', 'a', '--json', '--target', '66']);
  expect(said.exitCode, said.stderr).toBe(0);
  expect(JSON.parse(said.stdout.split('\n').at(-1) ?? '')).toMatchObject({ event: 'study-stopped', reason: 'target' });
});

test('a failing baseline ends the study with its last log lines and exit code 1', async () => {
  const repo = project('quick');
  addCommitted(repo, 'train.py', `${repo.read('train.py')}\nprint("last words")\nraise SystemExit(3)\n`);
  const said = await nocturne(repo.root, ['run', '--tag', 'a']);
  expect(said.exitCode).toBe(1);
  expect(said.stderr).toContain('nocturne: The baseline has no score, so there is nothing to improve: exit code 3');
  expect(said.stderr).toContain('\nlast words\n');
  expect(said.stderr).not.toContain('    at ');
  expect((await nocturne(repo.root, ['status'])).stdout).toMatch(/^baseline {2}failed: exit code 3/m);
  expect((await nocturne(repo.root, ['log'])).stdout).toMatch(/^ +0 +failed /m);
  expect((await nocturne(repo.root, ['report'])).stdout).toContain('The baseline has no score: exit code 3');
  // What cannot go on is not what `run` goes on with.
  repo.git('checkout', '-q', 'HEAD~1', '--', 'train.py');
  repo.commit('mend');
  const mended = await nocturne(repo.root, ['run', '--max-experiments', '1']);
  expect(mended).toMatchObject({ exitCode: 0, stderr: expect.not.stringContaining('Study a') });
  expect(mended.stderr).toContain('warning: a has ended, so this is a new study; `--tag a` goes on with that one.');
});

test('a failing prepare ends the study with its last log lines and exit code 1', async () => {
  const repo = project('quick');
  inBrief('prepare: python -c "print(\'no data today\'); exit(4)"')(repo);
  const said = await nocturne(repo.root, ['run', '--tag', 'a']);
  expect(said.exitCode).toBe(1);
  expect(said.stderr).toContain("nocturne: The brief's `prepare` command failed.");
  expect(said.stderr).toContain('no data today');
  replaceInBrief('exit(4)', 'exit(0)')(repo);
  const mended = await nocturne(repo.root, ['run', '--max-experiments', '1']);
  expect(mended.exitCode, mended.stderr).toBe(0);
  expect(mended.stderr).toContain('Study a has measured nothing yet, and begins anew: `prepare` changed.');
});

test('a run sees the variables that the brief names, and no key', async () => {
  const repo = project('quick');
  inBrief('env: [MY_SETTING]')(repo);
  const probe =
    'print("sees", sorted(name for name in os.environ if name in ("MY_SETTING", "HF_TOKEN", "SECRET_KEY")))';
  addCommitted(repo, 'train.py', `${repo.read('train.py')}${probe}\n`);
  const variables = { MY_SETTING: '1', HF_TOKEN: 'x', SECRET_KEY: 'x' };
  const said = await nocturne(repo.root, ['run', '--tag', 'a', '--max-experiments', '1'], variables);
  expect(said.exitCode, said.stderr).toBe(0);
  expect(repo.read('runs/a/0000/run-1/train.log')).toContain("sees ['MY_SETTING']");
});

/** Runs this number of experiments; returns the scores of the baseline and of every keep, in order. */
async function keptScores(repo: TemporaryRepo, folder = '.', experiments = 5): Promise<number[]> {
  const place = join(repo.root, folder);
  const said = await nocturne(place, ['run', '--tag', 'night', '--max-experiments', String(experiments)]);
  expect(said.exitCode, said.stderr).toBe(0);
  expect(await nocturne(place, ['check'])).toMatchObject({ exitCode: 0 });
  const verdicts = entriesOf(journalOf(place, 'night'), 'verdict-given');
  expect(verdicts.filter(({ verdict }) => !verdict.statistics)).toEqual([]);
  return verdicts.flatMap(({ verdict }) => (verdict.decision === 'keep' ? [verdict.statistics?.mean ?? 0] : []));
}
