import { expect, test } from 'vitest';
import { entriesOf, journalOf, nocturne, project } from '../helpers/nocturne.ts';

const run = ['run', '--plain', '--researcher', 'random', '--max-experiments', '1', '--tag'];

test('a study that starts from the branch of another one knows what that one tried, in its own journal', async () => {
  const { root, git } = project('quick');
  expect((await nocturne(root, [...run, 'one'])).exitCode).toBe(0);
  const second = await nocturne(root, [...run, 'two', '--from', 'autoresearch/one']);
  expect(second.exitCode, second.stderr).toBe(0);
  expect(second.stderr).toContain('Goes on from 1 experiment of study one; the baseline is measured anew.');
  const [start] = entriesOf(journalOf(root, 'two'), 'study-started');
  expect(start?.start).toBe(git('rev-parse', 'autoresearch/one'));
  expect(start?.earlier?.study).toMatchObject({ tag: 'one', isComparable: true });
  expect(start?.earlier?.study?.trials.length).toBeGreaterThan(1);
  const third = await nocturne(root, [...run, 'three', '--from', 'autoresearch/two']);
  expect(third.stderr).toContain('Goes on from 2 experiments of study two and of those before it; the baseline');
});
