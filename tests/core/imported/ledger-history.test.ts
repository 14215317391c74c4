import { describe, expect, it } from 'vitest';
import type { Goal } from '../../../src/core/base/metric.ts';
import { ledgerHistory } from '../../../src/core/imported/ledger-history.ts';
import { readTextLedger } from '../../../src/core/imported/read-text.ts';
import { settlePart } from '../../../src/core/imported/settle.ts';
import { noAttachments } from '../../../src/core/views/report/attachments.ts';
import { reportOf } from '../../../src/core/views/report/report.ts';
import { resultsTsv } from '../../../src/core/views/results-tsv.ts';

const text = [
  'commit\tval_bpb\tmemory_gb\tstatus\tdescription',
  'aaaaaaa\t1.000000\t44.0\tkeep\tbaseline',
  'bbbbbbb\t0.900000\t43.9\tkeep\thalve batch',
  'ccccccc\t0.950000\t43.9\tdiscard\tmore warmup',
  'ddddddd\t0.000000\t0.0\tcrash\tassert failed',
  'eeeeeee\t0.880000\t43.9\tkeep\tlower LR',
  '',
].join('\n');
function historyOf(ledger: string, goal: Goal) {
  const [part] = readTextLedger(ledger, 'results.tsv').parts;
  if (!part) throw new Error('the ledger has a study');
  return ledgerHistory(settlePart(part, goal), 'mar8', '2026-03-08T00:00:00.000Z');
}
const reportOfLedger = (ledger: string, goal: Goal) =>
  reportOf(historyOf(ledger, goal), { attachments: noAttachments, isLive: false, origin: 'ledger' });
const whole = historyOf(text, 'minimize');

describe('the history of a ledger', () => {
  it('gives the same results.tsv as the ledger', () => {
    expect(resultsTsv(whole.history)).toBe(text);
  });

  it('has a step of progress for each kept row', () => {
    const { progress } = reportOf(whole, { attachments: noAttachments, isLive: false, origin: 'ledger' });
    expect(progress.steps).toEqual([
      { experiment: 0, value: 1 },
      { experiment: 1, value: 0.9 },
      { experiment: 4, value: 0.88 },
    ]);
    expect(progress.attempts.map(({ status }) => status)).toEqual(['baseline', 'kept', 'reverted', 'failed', 'kept']);
  });

  it('claims nothing that a ledger does not know', () => {
    const report = reportOf(whole, { attachments: noAttachments, isLive: false, origin: 'ledger' });
    expect(report).toMatchObject({ expense: undefined, noise: undefined, reproductions: [] });
    expect(report.caveats).toEqual([expect.stringContaining('Imported from a ledger')]);
  });

  it('has the best keep as its best, which need not be the last', () => {
    const { headline, progress } = reportOfLedger(
      'commit\tval_acc\tstatus\na\t0.5\tkeep\nb\t0.9\tkeep\nc\t0.8\tkeep\nd\t0.95\tdiscard\n',
      'maximize',
    );
    expect(headline).toMatchObject({ kept: 2, result: { best: 0.9, experiment: 1, commit: 'b' } });
    expect(progress.steps.at(-1)).toEqual({ experiment: 1, value: 0.9 });
  });

  it('begins with the first keep, where crashes or discarded rows stand before it', () => {
    const { headline, attempts } = reportOfLedger(
      'commit\tval_bpb\tstatus\na\t0\tcrash\nb\t1.2\tdiscard\nc\t1.0\tkeep\nd\t0.9\tkeep\n',
      'minimize',
    );
    expect(headline.result).toMatchObject({ baseline: 1, best: 0.9 });
    expect(attempts.map(({ status }) => status)).toEqual(['baseline', 'failed', 'reverted', 'kept']);
  });

  it('of a header without rows says that nothing was measured', () => {
    const { headline } = reportOfLedger('commit\tval_bpb\tmemory_gb\tstatus\tdescription\n', 'minimize');
    expect(headline).toMatchObject({ experiments: 0, result: null });
  });

  it('of crashes alone has no result', () => {
    expect(
      reportOfLedger('commit\tval_bpb\tstatus\na\t0\tcrash\nb\tnan\tOOM\n', 'minimize').headline.result,
    ).toBeNull();
  });
});
