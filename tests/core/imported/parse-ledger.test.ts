import { describe, expect, it } from 'vitest';
import { parseLedger } from '../../../src/core/imported/parse-ledger.ts';

const header = 'commit\tval_bpb\tmemory_gb\tstatus\tdescription';
const baseline = 'aaaaaaa\t0.997900\t44.0\tkeep\tbaseline';
const ledger = (...rows: string[]) => parseLedger([header, baseline, ...rows, ''].join('\n'), 'results.tsv');

describe('a ledger', () => {
  it('has one row per experiment, the baseline first', () => {
    expect(ledger('bbbbbbb\t0.986041\t43.9\tdiscard\thalve batch')).toEqual({
      metric: 'val_bpb',
      rows: [
        { commit: 'aaaaaaa', value: 0.9979, memoryGb: 44, status: 'keep', description: 'baseline' },
        { commit: 'bbbbbbb', value: 0.986041, memoryGb: 43.9, status: 'discard', description: 'halve batch' },
      ],
    });
  });

  it('has crashes whose zeros are no score', () => {
    expect(ledger('ccccccc\t0.000000\t0.0\tcrash\tassert').rows[1]).toMatchObject({ value: null, status: 'crash' });
  });

  it('may come from Windows, with a byte order mark', () => {
    expect(parseLedger(`\ufeff${header}\r\n${baseline}\r\n`, 'r').rows).toHaveLength(1);
  });

  it.each([
    ['a wrong header', ['commit\tval_bpb\tstatus', baseline], 'results.tsv line 1: expected the header'],
    [
      'a row too short',
      [header, baseline, 'b\t0.98\t44\tkeep'],
      'results.tsv line 3: expected 5 columns separated by tabs, found "4"',
    ],
    [
      'an unknown status',
      [header, baseline, 'b\t0.98\t44\tmaybe\tx'],
      'line 3: expected the status keep, discard or crash, found "maybe"',
    ],
    [
      'a value that is no number',
      [header, baseline, 'b\t0,98\t44\tkeep\tx'],
      'line 3: expected a number in the second column, found "0,98"',
    ],
    ['an empty value', [header, baseline, 'b\t\t44\tkeep\tx'], 'line 3: expected a number in the second column'],
    ['no rows', [header], 'line 2: expected a row of the baseline'],
    ['a baseline that crashed', [header, 'a\t0\t0\tcrash\tx'], 'line 2: expected the baseline, with the status keep'],
  ])('with %s is an error that names the line', (_, lines, message) => {
    expect(() => parseLedger(lines.join('\n'), 'results.tsv')).toThrow(message);
  });
});
