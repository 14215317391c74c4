/** What `run` says of machines of Colab before it rents them, with a CLI that only knows what the account has. */
import { chmodSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { nocturne, project } from '../helpers/nocturne.ts';
import { temporaryFolder } from '../helpers/temporary-repo.ts';

test.each([
  ['1', 'a machine of Google Colab'],
  ['3', 'up to 3 machines of Google Colab'],
  ['auto', 'a machine of Google Colab'],
])('with --slots %s it is %s that has to be agreed to', async (slots, machines) => {
  const program = join(temporaryFolder(), 'colab');
  writeFileSync(program, '#!/bin/sh\necho "Current balance: 87.50 compute units"\necho "Usage rate: 1.76/hr"\n');
  chmodSync(program, 0o755);
  const repo = project('quick');
  const brief = repo.read('program.md').replace('---\n', `---\ncolab: { program: ${JSON.stringify(program)} }\n`);
  repo.write('program.md', brief);
  repo.commit('on Colab');
  const { exitCode, stdout, stderr } = await nocturne(repo.root, ['run', '--engine', 'colab', '--slots', slots]);
  expect([exitCode, stdout + stderr]).toEqual([2, expect.stringContaining(`colab rents ${machines}`)]);
  expect(stderr).toContain('was not rented');
});
