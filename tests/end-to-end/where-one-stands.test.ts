/** After `npm start` the study lies in `runs/demo`, and the owner stands two folders above it. */
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { packagePath } from '../../src/adapters/package-root.ts';
import { nocturne, projectFixture } from '../helpers/nocturne.ts';
import { openRepo } from '../helpers/temporary-repo.ts';

const root = mkdtempSync(join(tmpdir(), 'nocturne below '));

beforeAll(async () => {
  // The folder above has a brief of its own, as the repository of nocturne has, and no study.
  writeFileSync(join(root, 'program.md'), '---\nmetric: loss\n---\n');
  const demo = join(root, 'runs', 'demo');
  cpSync(projectFixture('quick'), demo, { recursive: true });
  const repo = openRepo(demo);
  repo.git('init', '--quiet', '--initial-branch=main');
  repo.commit('start');
  const said = await nocturne(demo, ['run', '--tag', 'demo', '--seed', 'two keeps', '--max-experiments', '3']);
  expect(said.exitCode, said.stderr).toBe(0);
});
afterAll(() => rmSync(root, { recursive: true, force: true }));

const found = 'Study demo of runs/demo, since this folder has none';

test.each([
  ['status', [], /^demo: finished/],
  ['log', [], / 3 {2}/],
  ['show', ['1'], /^1\. /],
  ['diff', ['1'], /^diff --git/],
  ['report', [], /demo/],
  ['check', [], /agree with the repository/],
  ['space', ['--importance'], /too few trials|knob/],
])('`%s` finds it and says so', async (command, args, says) => {
  const said = await nocturne(root, [command, ...args]);
  expect(said.exitCode, said.stderr).toBe(0);
  expect(said.stdout).toMatch(says);
  expect(said.stderr).toContain(`${found}.`);
});

test('so do `watch`, `note`, `stop` and `confirm`, and what they say next works from there', async () => {
  const watched = await nocturne(root, ['watch', '--plain']);
  expect(watched).toMatchObject({ exitCode: 0, stderr: expect.stringContaining(`${found}.`) });
  expect((await nocturne(root, ['note', 'try a smaller rate'])).stderr).toContain('Left a note for study demo');
  expect((await nocturne(root, ['stop'])).stderr).toContain('Study demo is not running');
  const confirmed = await nocturne(root, ['confirm', '--runs', '2', '--plain']);
  expect(confirmed.stderr).toMatch(/Confirmation 1 of study demo begins|`nocturne run runs\/demo --tag demo`/);
});

test('`studies` lists those of the project below, and says so', async () => {
  const said = await nocturne(root, ['studies']);
  expect(said, said.stderr).toMatchObject({ exitCode: 0, stdout: expect.stringMatching(/^demo +finished/m) });
  expect(said.stderr).toContain('The studies of runs/demo, since this folder has none.');
  const empty = mkdtempSync(join(tmpdir(), 'nocturne none '));
  expect(await nocturne(empty, ['studies'])).toMatchObject({
    exitCode: 2,
    stderr: expect.stringContaining('There is no study in'),
  });
  rmSync(empty, { recursive: true });
});

test('by its tag too, and `--json` stays JSON', async () => {
  const said = await nocturne(root, ['status', '--tag', 'demo', '--json']);
  expect(JSON.parse(said.stdout)).toMatchObject({ tag: 'demo' });
  expect(said.stderr).toContain(`${found} of that name.`);
  const missing = await nocturne(root, ['status', '--tag', 'other']);
  expect(missing).toMatchObject({ exitCode: 2, stderr: expect.stringContaining('There is no study other') });
});

test('commands in backquotes are as they are typed where npm started the program', async () => {
  const elsewhere = await nocturne(root, ['stop'], { npm_lifecycle_event: 'npx' });
  expect(elsewhere.stderr).toContain(`\`node ${packagePath('dist', 'cli', 'main.js')} status --tag demo\``);
  const bin = join(root, 'node_modules', '.bin');
  mkdirSync(bin, { recursive: true });
  writeFileSync(join(bin, 'nocturne'), '');
  const installed = await nocturne(root, ['stop'], { npm_lifecycle_event: 'npx' });
  expect(installed.stderr).toContain('`npx nocturne status --tag demo`');
});

describe('where there is more than one project below', () => {
  const other = join(root, 'my-research', 'runs', 'night');
  beforeAll(() => {
    mkdirSync(other, { recursive: true });
    cpSync(join(root, 'runs', 'demo', 'runs', 'demo', 'journal.jsonl'), join(other, 'journal.jsonl'));
  });

  test('all are named', async () => {
    const said = await nocturne(root, ['status']);
    expect(said).toMatchObject({ exitCode: 2, stdout: '' });
    expect(said.stderr).toContain('more than one below: my-research, runs/demo.\nName one of them');
    expect((await nocturne(root, ['status', '--brief', 'runs/demo'])).stdout).toMatch(/^demo: /);
    expect((await nocturne(root, ['status', '--tag', 'demo'])).stdout).toMatch(/^demo: /);
  });
});
