import { expect, test } from 'vitest';
import { entriesOf, journalOf, nocturne } from '../../helpers/nocturne.ts';
import { emptyRepo } from '../../helpers/temporary-repo.ts';

const ledger = [
  'commit\tval_acc\tmemory_gb\tstatus\tdescription',
  'aaaaaaa\t0.60\t1\tkeep\tbaseline',
  'bbbbbbb\t0.70\t1\tkeep\tRATE 0.1 -> 0.2',
  'ccccccc\t0.65\t1\tdiscard\tRATE 0.2 -> 0.4',
].join('\n');

function project() {
  const repo = emptyRepo();
  repo.write('.gitignore', 'runs/\n');
  repo.write('train.py', 'RATE = 0.2\nprint("---")\nprint(f"val_acc: {0.5 + RATE}")\n');
  repo.write('program.md', '---\nmetric: val_acc\nbudget: 5s\nresearcher: random\n---\nGet it high.\n');
  repo.commit();
  repo.write('results.tsv', `${ledger}\n`);
  return repo;
}

test('a study goes on from a ledger: its experiments are in the journal, and its baseline is measured anew', async () => {
  const repo = project();
  const init = await nocturne(repo.root, ['init', '--from', 'results.tsv']);
  expect(init.stderr).toContain('Wrote earlier.json: 3 experiments of results.tsv, 2 kept, val_acc to maximize.');
  expect(init.exitCode).toBe(0);

  const run = await nocturne(repo.root, ['run', '--tag', 'n', '--max-experiments', '1']);
  expect(run.exitCode, run.stderr).toBe(0);
  expect(run.stderr).toContain(
    'Goes on from 3 experiments of results.tsv (earlier.json); the baseline is measured anew.',
  );
  const [started] = entriesOf(journalOf(repo.root, 'n'), 'study-started');
  expect(started?.earlier).toMatchObject({
    goal: 'maximize',
    experiments: [{ value: 0.6 }, { value: 0.7 }, { value: 0.65 }],
  });
  const [baseline] = entriesOf(journalOf(repo.root, 'n'), 'run-ended');
  expect(baseline?.result.measurement?.value).toBe(0.7);
});

test.each([
  ['a ledger without a score', 'results.tsv', 'commit\tval_acc\tstatus\na\tnan\tcrash\n', 'no row has a score'],
  ['no ledger', 'other.tsv', ledger, 'cannot be read'],
])('%s is one sentence, and nothing is written', async (_, name, text, message) => {
  const repo = project();
  repo.write('results.tsv', text);
  const { exitCode, stderr } = await nocturne(repo.root, ['init', '--from', name]);
  expect(exitCode).not.toBe(0);
  expect(stderr).toContain(message);
  expect(repo.git('status', '--porcelain')).not.toContain('earlier.json');
});

test('an earlier.json of another shape is said before a study starts', async () => {
  const repo = project();
  repo.write('earlier.json', '{"experiments": 3}');
  const { exitCode, stderr } = await nocturne(repo.root, ['run', '--tag', 'n', '--max-experiments', '1']);
  expect([exitCode, stderr]).toEqual([2, expect.stringContaining('must be what `nocturne init --from` writes')]);
});
