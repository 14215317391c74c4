import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { nocturne, projectFixture, type Said } from '../helpers/nocturne.ts';
import { program } from '../helpers/program.ts';
import { openRepo, temporaryFolder } from '../helpers/temporary-repo.ts';

const root = mkdtempSync(join(tmpdir(), 'nocturne commands '));
const repo = openRepo(root);
let night: Said;

beforeAll(async () => {
  cpSync(projectFixture('quick'), root, { recursive: true });
  repo.git('init', '--quiet', '--initial-branch=main');
  repo.commit('start');
  night = await nocturne(root, ['run', '--tag', 'night', '--seed', 'two keeps', '--max-experiments', '5', '--json']);
  expect(night.exitCode, night.stderr).toBe(0);
});
afterAll(() => rmSync(root, { recursive: true, force: true }));

test('every line of `run --json` is one event, and the last says why the study stopped', () => {
  const events = night.stdout.split('\n').map((line) => JSON.parse(line) as { event: string });
  expect(events[0]).toMatchObject({ event: 'study-started', tag: 'night' });
  expect(events.at(-1)).toMatchObject({ event: 'study-stopped', reason: 'experiments' });
  expect(night.stderr).toBe('');
});

test('progress goes to stderr and nothing to stdout', async () => {
  const said = await nocturne(root, ['run', '--tag', 'plain', '--max-experiments', '2', '--plain']);
  expect(said).toMatchObject({ exitCode: 0, stdout: '' });
  expect(said.stderr).toMatch(/^Study plain: minimize loss, 1\.0 s a run\n/);
  expect(said.stderr).toMatch(/\n {3}1 [A-Z_]+ \S+ -> \S+.*\n {5}\d\.\d+ {2}(?:kept|reverted): \w/);
  expect(said.stderr).toMatch(/\nStopped \(experiments\): 2 experiments done;\n {5}raise .*\n/);
  expect(said.stderr).toMatch(
    /\ngain {6}\S.*loss 1\.\d+.*\ntried {5}2 experiments: .*\nspent {5}\d+ runs, .*\n(?:branch {4}autoresearch\/plain\nchanges .*\n)?See/,
  );
  expect(said.stderr).toContain('See `nocturne report --tag plain`');
  // A warning is folded where a terminal's width is known.
  const lines = said.stderr.split('\n').filter((line) => !line.startsWith('warning: '));
  expect(lines.filter((line) => line.length > 80)).toEqual([]);
});

test('status says where a study stands', async () => {
  const text = await look('status');
  expect(text).toMatch(/^night: finished\nbaseline {2}loss 1\.\d+ \(3 runs, sd 0\.\d+\)\nbest {6}loss \d\.\d+ \(/);
  expect(JSON.parse(await look('status', '--json'))).toEqual({
    tag: 'night',
    state: 'finished',
    metric: 'loss',
    decimals: expect.any(Number),
    goal: 'minimize',
    baseline: { mean: expect.any(Number), sd: expect.any(Number), n: 3 },
    baselineFailure: null,
    best: {
      experiment: expect.any(Number),
      commit: repo.git('rev-parse', 'autoresearch/night'),
      mean: expect.any(Number),
      ci95: [expect.any(Number), expect.any(Number)],
      n: expect.any(Number),
      vouched: 'self-reported',
    },
    experiments: 5,
    kept: expect.any(Number),
    reverted: expect.any(Number),
    failed: 0,
    runs: 8,
    spent: { usd: 0, tokens: 0, unpricedCalls: 0, unmeteredCalls: 0, hours: expect.any(Number), gpuHours: 0 },
    isolation: 'none',
    open: null,
    network: false,
    arms: [],
    confirmed: null,
    lasting: null,
    gpuPause: null,
    gauge: null,
    outlook: expect.objectContaining({ advice: expect.any(String), chanceOfKeep: expect.any(Number) }),
    warnings: [],
    stop: { reason: 'experiments', detail: expect.stringContaining('--max-experiments') },
    timeLeft: null,
  });
});

test('log has one line per experiment, none longer than a terminal is wide', async () => {
  const lines = (await look('log')).split('\n');
  expect(lines).toHaveLength(7);
  expect(lines.filter((line) => line.length > 80)).toEqual([]);
  const rows = (await look('log', '--json')).split('\n').map((line) => JSON.parse(line));
  expect(rows.map((row) => row.experiment)).toEqual([0, 1, 2, 3, 4, 5]);
  const keys =
    'experiment parent commit status title researcher arm why metric vouched delta probability startedAt endedAt seconds slot contended usd gain error estimatedGain outcome';
  for (const row of rows) expect(Object.keys(row)).toEqual(keys.split(' '));
});

test('show has an experiment from hypothesis to diff', async () => {
  expect(await look('show', '1')).toMatch(
    /^1\. .*\n\nRandom search: .*\n\nstatus {6}[\s\S]*\nrun 1 [\s\S]*\n\+[A-Z_]+ = /,
  );
  expect(JSON.parse(await look('show', '1', '--json'))).toMatchObject({
    experiment: 1,
    parent: 0,
    runs: [{ run: 1, result: { outcome: 'finished', measurement: { vouched: 'self-reported' } } }],
    verdict: { reason: expect.any(String) },
    patch: expect.stringContaining('+++ b/train.py'),
  });
});

test('diff prints a patch that git applies', async () => {
  const patch = await look('diff', '1');
  const clone = temporaryFolder();
  repo.git('worktree', 'add', '--quiet', '--detach', clone, 'main');
  await execa('git', ['apply', '--check'], { cwd: clone, input: `${patch}\n` });
  expect(JSON.parse(await look('diff', '1', '--json'))).toEqual({ experiment: 1, patch: `${patch}\n` });
  const baseline = await nocturne(root, ['diff', '0', '--tag', 'night']);
  expect(baseline).toMatchObject({ exitCode: 0, stdout: '', stderr: 'The baseline has no diff.' });
});

test('diff --best prints all that was kept as one patch: the best is the start with it', async () => {
  const { patch, experiment } = JSON.parse(await look('diff', '--best', '--json'));
  const clone = temporaryFolder();
  repo.git('worktree', 'add', '--quiet', '--detach', clone, 'main');
  await execa('git', ['apply', '--index'], { cwd: clone, input: patch });
  const { stdout: tree } = await execa('git', ['write-tree'], { cwd: clone });
  expect(tree).toBe(repo.git('rev-parse', 'autoresearch/night^{tree}'));
  expect(JSON.parse(await look('status', '--json')).best.experiment).toBe(experiment);
  const both = await nocturne(root, ['diff', '1', '--best', '--tag', 'night']);
  expect([both.exitCode, both.stderr]).toEqual([
    2,
    expect.stringContaining('takes the number of an experiment, or --best'),
  ]);
});

test('report prints what it writes', async () => {
  const { exitCode, stdout: text, stderr } = await nocturne(root, ['report', '--tag', 'night']);
  const written = ['report.html', 'report.md', 'progress.svg', 'progress.png'].map((file) =>
    join(root, 'runs/night', file),
  );
  expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: `Written: ${written.join(', ')}` });
  expect(text).toMatch(/^# night: loss\n\n\*\*loss 1\.\d+ -> \d/);
  expect(repo.read('runs/night/report.md')).toBe(`${text}\n`);
  const json = JSON.parse(await look('report', '--json'));
  expect(json).toMatchObject({ files: { markdown: join(root, 'runs/night/report.md') }, report: { tag: 'night' } });
});

test('check agrees, and says what does not', async () => {
  expect(await look('check')).toMatch(/^night: \d+ journal entries, 5 experiments and \d keeps? agree with /);
  expect(JSON.parse(await look('check', '--json'))).toMatchObject({ tag: 'night', experiments: 5, problems: [] });
  const copy = temporaryFolder();
  cpSync(root, copy, { recursive: true });
  openRepo(copy).git('update-ref', '-d', 'refs/autoresearch/night/0002');
  const said = await nocturne(copy, ['check', '--tag', 'night']);
  expect(said.exitCode).toBe(1);
  expect(said.stdout).toMatch(/^experiment 2: its ref is missing, the journal has commit [0-9a-f]{40}$/);
});

test('colours are for terminals: a pipe has none, whatever CI says, and NO_COLOR outranks FORCE_COLOR', async () => {
  for (const command of ['status', 'log', 'doctor']) {
    const args = command === 'doctor' ? [command, '--quick'] : [command, '--tag', 'night'];
    expect((await nocturne(root, args, { CI: 'true' })).stdout).not.toContain('\u001b');
    expect((await nocturne(root, args, { FORCE_COLOR: '1' })).stdout).toContain('\u001b');
    expect((await nocturne(root, args, { FORCE_COLOR: '1', NO_COLOR: '1' })).stdout).not.toContain('\u001b');
  }
});

test('a reader that goes away is no trouble', async () => {
  const reports = 'for i in 1 2 3; do "$0" "$1" report --brief "$2" --tag night | true; done';
  const args = ['-c', `set -o pipefail; ${reports}`, process.execPath, program, root];
  const said = await execa('bash', args, { reject: false });
  expect(said).toMatchObject({ exitCode: 0, stderr: expect.stringMatching(/^(Written: .*\n?){3}$/) });
});

test('a study is found from elsewhere by its brief', async () => {
  const said = await nocturne(temporaryFolder(), ['status', '--brief', join(root, 'program.md'), '--tag', 'night']);
  expect(said.stdout).toMatch(/^night: finished/);
});

test('init makes a repository of its own only where there is none', async () => {
  const alone = temporaryFolder();
  const made = await nocturne(alone, ['init', 'project']);
  expect(made).toMatchObject({ exitCode: 0, stdout: '' });
  expect(made.stderr).toContain('and committed them.');
  expect(openRepo(join(alone, 'project')).git('status', '--porcelain')).toBe('');
  const inside = await nocturne(root, ['init', 'inner', '--json']);
  expect(JSON.parse(inside.stdout)).toMatchObject({ folder: join(root, 'inner'), isCommitted: false });
  expect(openRepo(join(root, 'inner')).git('rev-parse', '--show-toplevel')).toBe(root);
});

/** What a command that only looks prints about the study; it says nothing on stderr. */
async function look(...args: string[]): Promise<string> {
  const said = await nocturne(root, [...args, '--tag', 'night']);
  expect(said).toMatchObject({ exitCode: 0, stderr: '' });
  return said.stdout;
}

test('studies lists those of a brief, the one worked on last first, and says which cannot be read', async () => {
  const { stdout, stderr, exitCode } = await nocturne(root, ['studies']);
  expect([exitCode, stderr]).toEqual([0, '']);
  const [header, ...rows] = stdout.split('\n');
  expect(header).toMatch(/^study +state +kept +best +gain {2}last entry$/);
  expect(rows.map((row) => row.split(/ {2,}/).slice(0, 2))).toEqual(
    expect.arrayContaining([
      ['night', 'finished'],
      ['plain', 'finished'],
    ]),
  );
  expect(stdout.split('\n').filter((line) => line.length > 80)).toEqual([]);
  const night = (await nocturne(root, ['studies', '--json'])).stdout
    .split('\n')
    .map((line) => JSON.parse(line))
    .find(({ tag }) => tag === 'night');
  const { best, baseline, kept } = JSON.parse(await look('status', '--json'));
  expect(night).toMatchObject({ best, baseline, kept, gain: baseline.mean - best.mean });
  repo.write('runs/broken/journal.jsonl', repo.read('runs/night/journal.jsonl').replace(/^.*/, 'gone'));
  expect(await nocturne(root, ['studies'])).toMatchObject({
    exitCode: 0,
    stderr: 'The first line of the journal of broken cannot be read: see `nocturne check --tag broken`.',
  });
  rmSync(join(root, 'runs/broken'), { recursive: true });
});
