/** The owner's index is theirs: no command writes it, not even to note that a file which was touched is as it was. */
import { readFileSync, statSync, utimesSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { nocturne, project } from '../helpers/nocturne.ts';

test('no command writes it', async () => {
  const repo = project('quick');
  const index = join(repo.root, '.git', 'index');
  repo.write('notes.txt', 'not tracked');
  // As an editor that saves what it read, and as a clone whose index is as old as its files.
  utimesSync(join(repo.root, 'train.py'), new Date(), new Date());
  utimesSync(join(repo.root, 'program.md'), statSync(index).atime, statSync(index).mtime);
  const before = [readFileSync(index), statSync(index).mtimeMs, statSync(index).ino];
  const commands = [
    ['doctor', '--quick'],
    ['run', '--tag', 'night', '--max-experiments', '1'],
    ['run', '--tag', 'night', '--max-experiments', '2'],
    ['status'],
    ['log'],
    ['check'],
    ['report'],
    ['run', '--tag', 'files', '--from', 'worktree', '--max-experiments', '1'],
  ];
  for (const command of commands) {
    const { exitCode, stderr } = await nocturne(repo.root, command);
    expect(exitCode, `${command.join(' ')}: ${stderr}`).toBe(0);
    expect([readFileSync(index), statSync(index).mtimeMs, statSync(index).ino], command.join(' ')).toEqual(before);
  }
});
