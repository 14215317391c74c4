import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { inBrief, replaceInBrief } from '../helpers/bad-input.ts';
import { entriesOf, journalOf, nocturne, processesOf, project, startNocturne } from '../helpers/nocturne.ts';

test('files spoiled by a script make its run void, by the owner are mended or one sentence, and the study goes on', async () => {
  const repo = project('hostile');
  replaceInBrief('choice fine', 'choice fine, spoils_trees, silent')(repo);
  // In a cage no script reaches these files.
  inBrief('isolation: none')(repo);
  repo.commit();
  const study = join(repo.root, 'runs', 'night');
  const trees = join(study, '0001', 'run-1', 'trees.json');
  const run = ['run', '--tag', 'night'];

  const first = startNocturne(repo.root, run);
  await expect
    .poll(() => existsSync(trees) && readFileSync(trees, 'utf8'), { timeout: 60_000, interval: 10 })
    .toBe('{}');
  first.kill('SIGKILL');
  await first.end;
  writeFileSync(join(study, 'lock'), '{}');

  const second = await nocturne(repo.root, run);
  expect(second.exitCode, second.stderr).toBe(0);
  const journal = journalOf(repo.root, 'night');
  expect(entriesOf(journal, 'run-ended').find(({ experiment }) => experiment === 1)?.result).toMatchObject({
    outcome: 'crashed',
    reason: 'void: it changed trees.json',
  });
  expect(entriesOf(journal, 'verdict-given')).toHaveLength(3);
  expect(entriesOf(journal, 'study-stopped').at(-1)).toMatchObject({ reason: 'exhausted' });
  expect(processesOf(repo.root)).toEqual([]);

  writeFileSync(join(study, 'mirror.json'), '[]');
  const status = await nocturne(repo.root, ['status']);
  expect(status).toMatchObject({ exitCode: 0, stderr: '' });
  expect(status.stdout).toMatch(/^mirror {4}unknown: mirror\.json is JSON of another shape; remove it, .*$/m);

  writeFileSync(join(study, 'base', 'sealed.json'), '"x"');
  const third = await nocturne(repo.root, run);
  expect(third).toMatchObject({ exitCode: 2, stdout: '' });
  const [sentence, ...hint] = third.stderr.split('\n').filter((line) => !line.startsWith('Study night'));
  expect(sentence).toBe(
    `nocturne: ${join(study, 'base', 'sealed.json')} must say what the study's prepared data looked like, found JSON of another shape.`,
  );
  expect(hint).toEqual(['Put the file back from a backup, or start a new study with --tag.']);
});
