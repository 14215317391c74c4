import { expect, it } from 'vitest';
import { resultsTsv } from '../../../src/core/views/results-tsv.ts';
import { createJournal, failed, type Journal, scored } from '../../helpers/journal.ts';
import { busySlots, keptInAnotherOrder } from '../../helpers/slots-study.ts';

it("a study is karpathy's five columns, one row per verdict", () => {
  const journal = createJournal()
    .baseline(scored(2.1, { metrics: { peak_memory_mb: 1536 } }))
    .experiment(scored(1.95), 'keep', 'LR 0.1 -> 0.2')
    .experiment(failed(), 'revert', 'Too\twide\nby far')
    .experiment(scored(3), 'revert', 'Worse')
    .experiment(scored(1), 'rerun', 'Not known yet');
  expect(resultsTsv(journal.history())).toBe(
    [
      'commit\tval_bpb\tmemory_gb\tstatus\tdescription',
      'c000000\t2.100000\t1.5\tkeep\tbaseline',
      'd000000\t1.950000\t0.0\tkeep\tLR 0.1 -> 0.2',
      'c000000\t0.000000\t0.0\tcrash\tToo wide by far',
      'c000000\t3.000000\t0.0\tdiscard\tWorse',
      '',
    ].join('\n'),
  );
});

it('a study without a verdict is its header', () => {
  expect(resultsTsv(createJournal().history())).toBe('commit\tval_bpb\tmemory_gb\tstatus\tdescription\n');
});

it('rows stand in the order of the verdicts, and what was dropped before it ran has none', () => {
  const descriptions = (journal: Journal) =>
    resultsTsv(journal.history())
      .trimEnd()
      .split('\n')
      .slice(1)
      .map((line) => line.split('\t').slice(3).join(' '));
  expect(descriptions(keptInAnotherOrder())).toEqual(['keep baseline', 'keep LR -> 0.1', 'keep LR -> 0.2']);
  expect(descriptions(busySlots())).toEqual(['keep baseline', 'keep LR -> 0.1', 'discard WIDTH -> 16']);
});
