import { expect, test } from 'vitest';
import { entriesOf, journalOf, nocturne, project } from '../helpers/nocturne.ts';

const run = ['run', '--tag', 'night', '--plain', '--policy', 'greedy', '--researcher', 'grid', '--max-experiments'];

test('a keep that is taken out of a study that stands still leaves the branch when it goes on, and nothing disagrees', async () => {
  const { root, git } = project('quick');
  const first = await nocturne(root, [...run, '6']);
  expect(first.exitCode, first.stderr).toBe(0);
  const kept = entriesOf(journalOf(root, 'night'), 'branch-moved').map(({ experiment }) => experiment);
  const [unwanted = 0] = kept;
  expect(kept.length).toBeGreaterThan(0);

  const said = await nocturne(root, ['revert', String(unwanted)]);
  expect(said.exitCode, said.stderr).toBe(0);
  expect(said.stderr).toMatch(new RegExp(`^Experiment ${unwanted} of study night is to be taken out\\.`));
  expect(said.stderr).toMatch(/The study is not running: `nocturne run --tag night` takes it out and goes on\.$/);
  expect((await nocturne(root, ['status'])).stdout).toMatch(
    new RegExp(`^revert {4}${unwanted}, to be taken out next$`, 'm'),
  );
  expect(await nocturne(root, ['check'])).toMatchObject({ exitCode: 0 });

  const second = await nocturne(root, [...run, '6']);
  expect(second.exitCode, second.stderr).toBe(0);
  expect(second.stderr).toContain(`taken out: experiment ${unwanted}; the baseline is the best again`);
  const subjects = git('log', '--format=%b', 'autoresearch/night');
  expect(subjects).not.toMatch(new RegExp(`^Experiment: ${unwanted}$`, 'm'));
  expect(await nocturne(root, ['check'])).toMatchObject({ exitCode: 0 });
  expect((await nocturne(root, ['log'])).stdout).toMatch(new RegExp(`^ +${unwanted} +reverted`, 'm'));

  const again = await nocturne(root, ['revert', String(unwanted)]);
  expect(again).toMatchObject({
    exitCode: 2,
    stderr: expect.stringMatching(
      new RegExp(`^nocturne: Experiment ${unwanted} of study night is taken out already\\.\n`),
    ),
  });
});
