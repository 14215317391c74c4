import { expect, it } from 'vitest';
import { experimentRows } from '../../../src/core/journal/experiment-row.ts';
import { type Voucher, voucherText, weakestVoucher } from '../../../src/core/journal/run.ts';
import { createJournal, failed, scored } from '../../helpers/journal.ts';

const vouched = (value: number, by: Voucher) => {
  const { measurement, ...rest } = scored(value);
  return { ...rest, measurement: { value, resolution: 0.0001, metrics: {}, ...measurement, vouched: by } };
};

it('is the weakest of the runs that a mean is made of', () => {
  const journal = createJournal()
    .baseline(vouched(3, 'scored-apart'), vouched(3, 'scored'))
    .experiment(vouched(2, 'scored-apart'), 'keep')
    .experiment(vouched(2, 'self-reported'), 'revert')
    .experiment(failed(), 'revert');
  const found = experimentRows(journal.history()).map((row) => row.vouched);
  expect(found).toEqual(['scored', 'scored-apart', 'self-reported', null]);
});

it('has a word for people', () => {
  expect((['scored-apart', 'scored', 'self-reported'] as const).map(voucherText)).toEqual([
    'scored apart',
    'scored',
    'self-reported',
  ]);
  expect(weakestVoucher([])).toBeUndefined();
});
