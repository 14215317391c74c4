import { expect, test } from 'vitest';
import { earlierOfLedger } from '../../../src/core/imported/earlier-of-ledger.ts';
import { readTextLedger } from '../../../src/core/imported/read-text.ts';
import { settlePart } from '../../../src/core/imported/settle.ts';
import { earlierSchema } from '../../../src/core/journal/earlier.ts';

function earlierOf(text: string) {
  const [part] = readTextLedger(text, 'results.tsv').parts;
  if (!part) throw new Error('the ledger has a study');
  return earlierOfLedger(settlePart(part, 'minimize'), 'results.tsv');
}

test('experiments keep their words, their decision and what may be settings', () => {
  const earlier = earlierOf(
    [
      'commit\tval_bpb\tmemory_gb\tlr\toptimizer\ttimestamp\tstatus\tdescription',
      'aaaaaaa\t1.0\t44\t0.1\tadam\t2026-01-01T00:00:00\tbaseline\tstart',
      'bbbbbbb\tnan\t44\t9\tsgd\t2026-01-01T00:00:00\tcrash\thigh rate',
    ].join('\n'),
  );
  expect(earlier).toEqual({
    source: 'results.tsv',
    metric: 'val_bpb',
    goal: 'minimize',
    experiments: [
      { title: 'start', status: 'keep', isBaseline: true, value: 1, settings: { lr: '0.1', optimizer: 'adam' } },
      { title: 'high rate', status: 'crash', value: null, settings: { lr: '9', optimizer: 'sgd' } },
    ],
  });
});

test('of a long ledger all keeps are taken over, and the latest of the others', () => {
  const rows = Array.from(
    { length: 3000 },
    (_, index) => `c${index}\t${3000 - index}\t${index % 10 === 0 ? 'keep' : 'discard'}\tx${index}`,
  );
  const { experiments, ...rest } = earlierOf(['commit\tval_bpb\tstatus\tdescription', ...rows].join('\n'));
  expect(experiments).toHaveLength(1000);
  expect(experiments.filter(({ status }) => status === 'keep')).toHaveLength(300);
  expect(experiments.at(-1)?.title).toBe('x2999');
  expect(earlierSchema.safeParse({ experiments, ...rest }).success).toBe(true);
});
