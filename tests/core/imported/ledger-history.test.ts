import { describe, expect, it } from 'vitest';
import { ledgerHistory } from '../../../src/core/imported/ledger-history.ts';
import { parseLedger } from '../../../src/core/imported/parse-ledger.ts';
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
const whole = ledgerHistory(parseLedger(text, 'results.tsv'), 'mar8', 'minimize', '2026-03-08T00:00:00.000Z');

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
});
