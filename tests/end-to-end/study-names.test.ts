/** A study's folder, journal and refs belong together: renamed and moved, by command and by hand. */
import { existsSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { createGate } from '../helpers/gate.ts';
import { nocturne, startNocturne } from '../helpers/nocturne.ts';
import { templateStudy } from '../helpers/template-study.ts';
import { expectRefused, expectToGoOn, refsOf } from '../helpers/whole-study.ts';

const finished = templateStudy('--tag', 'a', '--max-experiments', '1');

test('a renamed study goes on under its new name, with its refs and its branch', async () => {
  const repo = finished();
  const refs = refsOf(repo, 'a');
  const hours = JSON.parse((await nocturne(repo.root, ['status', '--json'])).stdout).spent.hours;
  const said = await nocturne(repo.root, ['rename', '--tag', 'a', 'b']);
  expect(said.exitCode, said.stderr).toBe(0);
  expect(refsOf(repo, 'a')).toBe('');
  expect(refsOf(repo, 'b')).toBe(refs);
  expect(existsSync(join(repo.root, 'runs/a'))).toBe(false);
  const status = JSON.parse((await nocturne(repo.root, ['status', '--json'])).stdout);
  expect(status).toMatchObject({ tag: 'b', spent: { hours } });
  expect(repo.read('runs/b/report.md')).toMatch(/^# b: /);
  await expectToGoOn(repo, 'b');
});

test('a folder that was renamed by hand is an error, from which `rename` and `mv` lead on', async () => {
  const repo = finished();
  renameSync(join(repo.root, 'runs/a'), join(repo.root, 'runs/b'));
  const hint = 'nocturne rename --tag b b';
  await expectRefused(
    repo,
    ['run', '--tag', 'b', '--max-experiments', '2'],
    'b',
    'holds study a',
    hint,
    'mv runs/b runs/a',
  );
  await expectRefused(repo, ['confirm', '--tag', 'b'], 'b');
  await expectRefused(repo, ['remove', '--tag', 'a', '--yes'], 'b', 'Study a lies in');
  expect((await nocturne(repo.root, ['rename', '--tag', 'b', 'b'])).exitCode).toBe(0);
  expect(refsOf(repo, 'a')).toBe('');
  await expectToGoOn(repo, 'b');
});

test('a folder that is moved away under its controller ends the study with the reason', async () => {
  const repo = finished();
  const gate = createGate(0);
  const running = startNocturne(repo.root, ['run', '--tag', 'a', '--max-experiments', '3', '--json'], gate.variables);
  await running.until('"event":"run-started"');
  renameSync(join(repo.root, 'runs/a'), join(repo.root, 'runs/b'));
  gate.open();
  const said = await running.end;
  expect(said.exitCode).toBe(1);
  expect(said.stderr).toContain('was moved or deleted while the study ran');
  const again = await nocturne(repo.root, ['run', '--tag', 'a', '--max-experiments', '3']);
  expect(again.stderr).toContain('nocturne remove --tag a');
  expect(existsSync(join(repo.root, 'runs/a/journal.jsonl'))).toBe(false);
});

test("only studies are hidden from git, and the owner's other files in runs/ are seen", async () => {
  const repo = finished();
  expect(repo.git('status', '--porcelain')).toBe('');
  repo.write('runs/Nov29_03-01-34_host/events.out', 'x');
  expect(repo.git('status', '--porcelain', '-uall')).toBe('?? runs/Nov29_03-01-34_host/events.out');
  const said = await nocturne(repo.root, ['run', '--tag', 'Nov29_03-01-34_host', '--max-experiments', '1']);
  expect(said.exitCode).toBe(2);
  expect(said.stderr).toContain('found files of something else');
  expect(repo.git('status', '--porcelain', '-uall')).toBe('?? runs/Nov29_03-01-34_host/events.out');
});
