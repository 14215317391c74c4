import { expect, it } from 'vitest';
import { metricDecimals, runDecimals } from '../../../src/core/journal/metric-decimals.ts';
import { createJournal, scored } from '../../helpers/journal.ts';

const study = (resolution: number, ...values: readonly number[]) =>
  createJournal()
    .baseline(...values.map((value) => scored(value, { resolution })))
    .history();

it.each([
  ['nothing measured', study(1e-6), 4, 4],
  ['one run', study(1e-6, 1.6129), 4, 4],
  ['one run below one', study(1e-6, 0.9979), 5, 5],
  ['one run of a small loss', study(1e-9, 0.0023456), 7, 7],
  ['one run of a large loss', study(1e-6, 2374.8), 1, 1],
  ['one run that prints two decimals', study(0.01, 0.91), 2, 2],
  ['a noise of 0.013', study(1e-6, 1.6129, 1.5988, 1.6242), 3, 4],
  ['a noise of 0.00013', study(1e-6, 1.600129, 1.599988, 1.600242), 5, 5],
  ['a noise below the two decimals that are printed', study(0.01, 0.91, 0.92, 0.92), 2, 2],
  ['a noise of 0.017 of scores with two decimals', study(0.01, 0.91, 0.94, 0.94), 3, 2],
  ['a noise of 58', study(0.1, 2300, 2400, 2300), 0, 1],
  ['the same score for each seed', study(1e-9, 1.612912345, 1.612912345), 6, 6],
  ['the same score, printed with four decimals', study(1e-4, 1.6129, 1.6129), 4, 4],
])(
  'after %s a mean has the decimals of its noise, and a run at least five digits',
  (_, history, decimals, ofOneRun) => {
    expect([metricDecimals(history), runDecimals(history)]).toEqual([decimals, ofOneRun]);
  },
);
