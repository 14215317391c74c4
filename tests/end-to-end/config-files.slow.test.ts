import { expect, test } from 'vitest';
import { files, yaml } from '../helpers/config-files-project.ts';
import { entriesOf, journalOf, nocturne } from '../helpers/nocturne.ts';
import { temporaryRepo } from '../helpers/temporary-repo.ts';

test('a study keeps one-line changes of configuration files, and the rest of them stays', async () => {
  const { root, git } = temporaryRepo(files);
  const { exitCode, stderr } = await nocturne(root, [
    ...['run', '--tag', 'night', '--researcher', 'random', '--max-experiments', '4', '--policy', 'greedy'],
  ]);
  expect([exitCode, exitCode === 0 ? '' : stderr]).toEqual([0, '']);
  const edited = entriesOf(journalOf(root, 'night'), 'proposal-made').flatMap(({ proposal }) => proposal.edits);
  expect(new Set(edited.map(({ file }) => file)).size).toBeGreaterThan(1);
  const diff = git('diff', '--numstat', 'main', 'autoresearch/night').split('\n').filter(Boolean);
  for (const line of diff) expect(line).toMatch(/^(\d)\t\1\tconf\//);
  const tip = git('show', 'autoresearch/night:conf/config.yaml');
  expect(tip.replace(/lr: \S+/, 'lr: 1e-1').replace(/steps: \d+/, 'steps: 3')).toBe(yaml.trimEnd());
});

test('a configuration file that does not parse is one sentence with its line', async () => {
  const { root } = temporaryRepo({ ...files, 'conf/config.yaml': 'a: 1\nb: c: d\n' });
  const { exitCode, stderr } = await nocturne(root, ['run', '--tag', 'night', '--researcher', 'random']);
  expect(exitCode).toBe(2);
  expect(stderr).toMatch(/The editable files do not parse: conf\/config\.yaml line 2: /);
});
