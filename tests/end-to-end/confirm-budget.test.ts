/** `nocturne confirm --budget` as its user has it. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { fromEnvironment, longer, script, studied, study } from '../helpers/budget-study.ts';
import { entriesOf, journalOf, nocturne } from '../helpers/nocturne.ts';

test('a gain that lasts carries over, beside the gain at the study’s own budget; a shorter budget is refused', async () => {
  const repo = await studied(script(fromEnvironment, '0.2'));
  const before = JSON.parse((await nocturne(repo.root, ['status', ...study, '--json'])).stdout);
  const said = await nocturne(repo.root, [...longer, '0.8s']);
  expect(said.exitCode, said.stderr).toBe(0);
  expect(said.stderr).toContain("First a confirmation at the study's own budget");
  expect(said.stdout).toMatch(
    /^Experiment \d against the baseline at 0\.8 s a run, 3 pairs of fresh seeds, on validation: .*\nGain at 0\.2 s: 0\.\d+ ± 0\.\d+; at 0\.8 s: 0\.\d+ ± 0\.\d+, \d+ % of it\.\nThe gain carries over: .*\n± is half a 95 % interval\./,
  );
  const journal = journalOf(repo.root, 'night');
  expect(entriesOf(journal, 'confirmation-planned').map(({ budgetSeconds }) => budgetSeconds)).toEqual([
    undefined,
    0.8,
  ]);
  expect(entriesOf(journal, 'gain-confirmed').at(-1)?.carryOver).toMatchObject({ verdict: 'carries over', against: 1 });
  const runs = entriesOf(journal, 'confirmation-run-started').filter(({ confirmation }) => confirmation === 2);
  const seeds = (contender: string) => runs.filter((run) => run.contender === contender).map(({ seed }) => seed);
  expect(seeds('final')).toEqual(seeds('baseline'));
  expect(new Set(seeds('final')).size).toBe(3);

  const status = JSON.parse((await nocturne(repo.root, ['status', ...study, '--json'])).stdout);
  expect(status.lasting).toMatchObject({ verdict: 'carries over', studySeconds: 0.2, longerSeconds: 0.8 });
  expect(status.confirmed).toMatchObject({ confirmation: 1, confirmations: 1 });
  expect({ ...status, confirmed: null, lasting: null }).toEqual(before);
  expect((await nocturne(repo.root, ['status', ...study])).stdout).toMatch(
    /lasting {3}experiment \d at 0\.8 s: gain 0\./,
  );
  const { report } = JSON.parse((await nocturne(repo.root, ['report', ...study, '--json'])).stdout);
  expect(report.lasting[0].claims.at(-1)).toContain('The gain carries over');
  for (const file of ['report.md', 'report.html']) {
    expect(readFileSync(join(repo.root, 'runs/night', file), 'utf8')).toMatch(
      /At a longer budget[\s\S]*The gain carries over: /,
    );
  }
  expect((await nocturne(repo.root, ['check', ...study])).exitCode).toBe(0);

  for (const budget of ['0.2s']) {
    const said = await nocturne(repo.root, [...longer, budget]);
    expect([said.exitCode, said.stderr]).toEqual([
      2,
      expect.stringContaining('--budget must be longer than the 0.2 s that study night trained with'),
    ]);
  }
  const both = await nocturne(repo.root, [...longer, '1s', '--ablate']);
  expect([both.exitCode, both.stderr]).toEqual([
    2,
    expect.stringContaining('--ablate and --budget do not go together'),
  ]);
  const unread = await nocturne(repo.root, [...longer, 'long']);
  expect([unread.exitCode, unread.stderr]).toEqual([2, expect.stringContaining('--budget must be a duration')]);
});
