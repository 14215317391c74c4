/** The same in every other way in which a study is renamed, moved, copied or deleted. */
import { cpSync, existsSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { createGate } from '../helpers/gate.ts';
import { nocturne, startNocturne } from '../helpers/nocturne.ts';
import { templateStudy } from '../helpers/template-study.ts';
import { openRepo, temporaryFolder } from '../helpers/temporary-repo.ts';
import { expectRefused, expectToGoOn, refsOf } from '../helpers/whole-study.ts';

const finished = templateStudy('--tag', 'a', '--max-experiments', '1');

test('a worktree that has the branch checked out follows its new name, and is in the way of deleting it', async () => {
  const repo = finished();
  const worktree = join(temporaryFolder(), 'look');
  repo.git('worktree', 'add', '--quiet', worktree, 'autoresearch/a');
  expect((await nocturne(repo.root, ['rename', '--tag', 'a', 'b'])).exitCode).toBe(0);
  expect(openRepo(worktree).git('symbolic-ref', 'HEAD')).toBe('refs/heads/autoresearch/b');
  await expectRefused(repo, ['remove', '--tag', 'b', '--yes'], 'b', `checked out in ${worktree}`, 'switch --detach');
});

test('a copied folder is an error, and neither renamed nor deleted with the refs of its original', async () => {
  const repo = finished();
  cpSync(join(repo.root, 'runs/a'), join(repo.root, 'runs/b'), { recursive: true });
  const refs = refsOf(repo, 'a');
  await expectRefused(repo, ['run', '--tag', 'b', '--max-experiments', '2'], 'b', 'is a copy of study a');
  await expectRefused(repo, ['rename', '--tag', 'b', 'c'], 'b', 'is a copy of study a');
  expect((await nocturne(repo.root, ['remove', '--tag', 'b', '--yes'])).exitCode).toBe(0);
  expect(existsSync(join(repo.root, 'runs/b'))).toBe(false);
  expect(refsOf(repo, 'a')).toBe(refs);
  await expectToGoOn(repo, 'a');
});

test('a name that is taken by a folder or by refs is refused', async () => {
  const repo = finished();
  repo.write('runs/tensorboard/events.out', 'x');
  repo.git('update-ref', 'refs/autoresearch/old/tip', 'HEAD');
  await expectRefused(repo, ['rename', '--tag', 'a', 'tensorboard'], 'a', 'There is a', 'Choose another name');
  await expectRefused(repo, ['rename', '--tag', 'a', 'old'], 'a', 'nocturne remove --tag old');
  await expectRefused(repo, ['rename', '--tag', 'a', 'a'], 'a', 'has this name already');
  await expectRefused(repo, ['rename', '--tag', 'a', '../x'], 'a', 'The new name must be');
});

test('a rename that a crash cut short is done by the same command', async () => {
  const repo = finished();
  const refs = refsOf(repo, 'a');
  await nocturne(repo.root, ['rename', '--tag', 'a', 'b']);
  // As after a kill between the refs and the folder.
  renameSync(join(repo.root, 'runs/b'), join(repo.root, 'runs/a'));
  await expectRefused(repo, ['run', '--tag', 'a', '--max-experiments', '2'], 'a', 'holds study b');
  expect((await nocturne(repo.root, ['rename', '--tag', 'a', 'b'])).exitCode).toBe(0);
  expect(refsOf(repo, 'b')).toBe(refs);
  await expectToGoOn(repo, 'b');
});

test('`remove` deletes folder, refs and branch, after a yes', async () => {
  const repo = finished();
  await expectRefused(repo, ['remove', '--tag', 'a'], 'a', 'there was no yes', '--yes');
  await expectRefused(repo, ['remove', '--tag', 'other', '--yes'], 'a', 'There is no study other');
  const said = await nocturne(repo.root, ['remove', '--tag', 'a', '--yes']);
  expect(said.exitCode, said.stderr).toBe(0);
  expect(refsOf(repo, 'a')).toBe('');
  expect(existsSync(join(repo.root, 'runs/a'))).toBe(false);
});

test('refs of a study whose folder was deleted are named, skipped by default and deleted by `remove`', async () => {
  const repo = finished();
  repo.write('train.py', `${repo.read('train.py')}\n`);
  repo.commit();
  rmSync(join(repo.root, 'runs/a'), { recursive: true });
  const again = await nocturne(repo.root, ['run', '--tag', 'a', '--max-experiments', '1']);
  expect(again).toMatchObject({ exitCode: 2 });
  expect(again.stderr).toContain('nocturne remove --tag a');
  expect(existsSync(join(repo.root, 'runs/a'))).toBe(false);
  expect((await nocturne(repo.root, ['remove', '--tag', 'a', '--yes'])).exitCode).toBe(0);
  expect((await nocturne(repo.root, ['run', '--tag', 'a', '--max-experiments', '1'])).exitCode).toBe(0);
});

test('a deleted branch, and deleted refs, are back when the study goes on', async () => {
  const repo = finished();
  const refs = refsOf(repo, 'a');
  repo.git('branch', '-D', 'autoresearch/a');
  repo.git('update-ref', '-d', 'refs/autoresearch/a/tip');
  const said = await nocturne(repo.root, ['run', '--tag', 'a', '--max-experiments', '1']);
  expect(said.exitCode, said.stderr).toBe(0);
  expect(said.stderr).toContain('2 refs of study a were gone and are back');
  expect(refsOf(repo, 'a')).toBe(refs);
});

test('a repository without the commits of the study is an error', async () => {
  const repo = finished();
  rmSync(join(repo.root, '.git'), { recursive: true });
  repo.git('init', '--quiet', '--initial-branch=main');
  repo.commit();
  await expectRefused(repo, ['run', '--tag', 'a', '--max-experiments', '2'], 'a', 'does not have', '--restore');
});

test('a project that was moved goes on where it is now', async () => {
  const repo = finished();
  const moved = join(temporaryFolder(), 'elsewhere');
  renameSync(repo.root, moved);
  await expectToGoOn(openRepo(moved), 'a', moved);
});

test('a project that was moved inside its repository is an error', async () => {
  const repo = finished();
  for (const name of ['program.md', 'train.py', 'runs']) {
    repo.write('inner/.keep', '');
    renameSync(join(repo.root, name), join(repo.root, 'inner', name));
  }
  repo.commit('move');
  const said = await nocturne(join(repo.root, 'inner'), ['run', '--tag', 'a', '--max-experiments', '2']);
  expect(said.exitCode).toBe(2);
  expect(said.stderr).toContain('which has no inner/train.py');
});

test('a study that is worked on is neither renamed nor deleted', async () => {
  const repo = finished();
  const gate = createGate(0);
  const running = startNocturne(repo.root, ['run', '--tag', 'a', '--max-experiments', '2', '--json'], gate.variables);
  await running.until('"event":"run-started"');
  for (const args of [
    ['rename', '--tag', 'a', 'b'],
    ['remove', '--tag', 'a', '--yes'],
  ]) {
    const said = await nocturne(repo.root, args);
    expect(said.exitCode).toBe(2);
    expect(said.stderr).toContain('is being worked on by process');
  }
  running.kill('SIGKILL');
  await running.end;
  const orphaned = await nocturne(repo.root, ['rename', '--tag', 'a', 'b']);
  expect(orphaned.stderr).toContain('A run of study a is still going');
  gate.open();
  await expectToGoOn(repo, 'a');
});

test("an owner's own runs/.gitignore stays as it is, and a study is hidden all the same", async () => {
  const repo = finished();
  writeFileSync(join(repo.root, 'runs/.gitignore'), '*.tmp\n');
  repo.commit('ours');
  const said = await nocturne(repo.root, ['run', '--tag', 'c', '--max-experiments', '1']);
  expect(said.exitCode, said.stderr).toBe(0);
  expect(repo.git('status', '--porcelain', '-uall')).toBe('');
});

test('a study that was moved to another disk and linked goes on, and is deleted there', async () => {
  const repo = finished();
  const disk = join(temporaryFolder(), 'a');
  renameSync(join(repo.root, 'runs/a'), disk);
  symlinkSync(disk, join(repo.root, 'runs/a'));
  await expectToGoOn(repo, 'a');
  expect((await nocturne(repo.root, ['rename', '--tag', 'a', 'b'])).exitCode).toBe(0);
  expect((await nocturne(repo.root, ['remove', '--tag', 'b', '--yes'])).exitCode).toBe(0);
  expect([existsSync(disk), existsSync(join(repo.root, 'runs/b'))]).toEqual([false, false]);
});
