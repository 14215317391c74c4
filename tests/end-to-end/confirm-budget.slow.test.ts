/** `nocturne confirm --budget` where the gain is gone, where the script keeps its budget elsewhere, and through a kill. */
import { expect, test } from 'vitest';
import { fromEnvironment, longer, script, studied, study } from '../helpers/budget-study.ts';
import { createGate } from '../helpers/gate.ts';
import { entriesOf, journalOf, nocturne, startNocturne } from '../helpers/nocturne.ts';

test('a gain of the first minutes is gone, and a second try compares with the confirmation that is there', async () => {
  const repo = await studied(script(fromEnvironment, '0.2 if BUDGET < 0.3 else 0'));
  const first = await nocturne(repo.root, [...longer, '0.5s']);
  expect(first.stdout, first.stderr).toContain('The gain is gone: no gain is shown there');
  const second = await nocturne(repo.root, [...longer, '0.6s']);
  expect(second.stderr).not.toContain('First a confirmation');
  expect(second.stdout, second.stderr).toContain('The gain is gone');
  const plain = await nocturne(repo.root, ['report', ...study]);
  expect(plain.stdout.split('\n')[2]).toMatch(/^\*\*Confirmed\.\*\*/);
  expect(plain.stdout.match(/The gain is gone/g)).toHaveLength(2);
});

test('the budget that karpathy keeps in prepare.py is written there, for these runs alone', async () => {
  const train = script('from prepare import TIME_BUDGET\nBUDGET = TIME_BUDGET', '0.2').replace('-S', '');
  const repo = await studied(train, { 'prepare.py': 'TIME_BUDGET = 0.2  # seconds\n' });
  const said = await nocturne(repo.root, [...longer, '0.6s']);
  expect(said.stdout, said.stderr).toContain('The gain carries over');
  expect(repo.read('prepare.py')).toBe('TIME_BUDGET = 0.2  # seconds\n');
  expect(repo.git('status', '--porcelain')).toBe('');
});

test('a script that a longer budget cannot reach, and one that only names it, are told', async () => {
  const deaf = await studied(script('BUDGET = 0.1', '0.2'));
  const refused = await nocturne(deaf.root, [...longer, '0.6s']);
  expect([refused.exitCode, refused.stderr]).toEqual([
    2,
    expect.stringContaining('it reads no NOCTURNE_BUDGET_SECONDS and keeps no TIME_BUDGET'),
  ]);
  expect(entriesOf(journalOf(deaf.root, 'night'), 'confirmation-planned')).toEqual([]);

  const naming = await studied(script('BUDGET = 0.1  # not NOCTURNE_BUDGET_SECONDS', '0.2'));
  const told = await nocturne(naming.root, [...longer, '9s']);
  expect(told.stdout, told.stderr).toContain('cannot be told: the script does not follow its budget: it trained');
});

test('a kill costs nothing: the next one goes on with the same runs, apart from an ordinary confirmation', async () => {
  const repo = await studied(script(fromEnvironment, '0.2'));
  const ordinary = await nocturne(repo.root, ['confirm', ...study, '--runs', '2']);
  expect(ordinary.exitCode, ordinary.stderr).toBe(0);
  const gate = createGate(1);
  const first = startNocturne(repo.root, [...longer, '0.5s', '--json'], gate.variables);
  await gate.untilBegun(2);
  first.kill('SIGKILL');
  await first.end;
  gate.open();
  const said = await nocturne(repo.root, ['confirm', ...study, '--budget', '0.5s'], gate.variables);
  expect(said.stdout, said.stderr).toContain('The gain carries over');
  const journal = journalOf(repo.root, 'night');
  expect(entriesOf(journal, 'confirmation-planned')).toHaveLength(2);
  const started = entriesOf(journal, 'confirmation-run-started').filter(({ confirmation }) => confirmation === 2);
  expect(started).toHaveLength(6);
});
