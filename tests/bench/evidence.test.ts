/** Public ledgers as studies and tables, on small ledgers of our own. */
import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { halfOf, readStudies } from '../../bench/evidence/studies.ts';
import { evidenceTables } from '../../bench/evidence/tables.ts';

type Row = readonly [value: string, status: string, description: string];

/** A study of 16 rows: the baseline, a keep, two misses, a crash, a keep, and misses. */
const usual: readonly Row[] = [
  ['2.0', 'keep', 'baseline'],
  ['1.9', 'keep', 'a'],
  ['1.95', 'discard', 'b'],
  ['2.1', 'discard', 'c'],
  ['0', 'crash', 'd'],
  ['1.8', 'keep', 'e'],
  ...Array.from({ length: 10 }, (_, index): Row => [`${1.81 + index / 100}`, 'discard', `miss ${index}`]),
];

/** Writes a folder of ledgers with its index; gives the studies in it. */
async function studiesIn(ledgers: Readonly<Record<string, readonly Row[]>>, path = 'results.tsv') {
  const folder = await mkdtemp(join(tmpdir(), 'evidence-'));
  const index = ['file\trepository\tpath'];
  for (const [at, [repository, rows]] of Object.entries(ledgers).entries()) {
    const lines = rows.map(([value, status, description]) => [`abc000${at}`, value, '1.0', status, description]);
    const header = ['commit', 'val_bpb', 'memory_gb', 'status', 'description'];
    await writeFile(join(folder, `${at}.tsv`), [header, ...lines].map((cells) => cells.join('\t')).join('\n'));
    index.push(`${at}.tsv\t${repository}\t${path}`);
  }
  await writeFile(join(folder, 'index.tsv'), `${index.join('\n')}\n`);
  return readStudies(folder, join(folder, 'index.tsv'));
}

test('a study is what came after its baseline, with its direction and kind', async () => {
  const { studies } = await studiesIn({ 'someone/model': usual });
  expect(studies).toHaveLength(1);
  expect(studies[0]).toMatchObject({
    repository: 'someone/model',
    half: halfOf('someone/model'),
    kind: 'lm_bpb',
    goal: 'minimize',
    baseline: 2,
  });
  const outcomes = studies[0]?.experiments.map(({ outcome }) => outcome);
  expect(outcomes?.slice(0, 6)).toEqual(['kept', 'discarded', 'discarded', 'crashed', 'kept', 'discarded']);
});

test('the parity of the SHA-1 of owner/name is the half', () => {
  expect(halfOf('pimlock/autoresearch-spark')).toBe('choosing');
  expect(halfOf('pengqianhan/autoresearch-3090')).toBe('judged');
});

test('of a ledger and its copy in a fork the longer counts', async () => {
  const longer = [...usual, ['1.7', 'keep', 'one more'] as const];
  const { studies, leftOut } = await studiesIn({ 'first/model': usual, 'fork/model': longer });
  expect(studies.map(({ repository }) => repository)).toEqual(['fork/model']);
  expect(leftOut).toEqual([{ repository: 'first/model', file: '0.tsv', reason: 'a copy of a longer one' }]);
});

test.each([
  ['a short ledger', usual.slice(0, 14), 'results.tsv', 'fewer than 15 rows'],
  [
    'one that kept everything',
    usual.map(([value, , text], at): Row => [`${3 - at / 10 + Number(value) / 1e3}`, 'keep', text]),
    'results.tsv',
    'it tells hardly more than what was kept',
  ],
  ['a log of a search', usual, 'bayesian/results.tsv', 'written by a search, not an agent'],
] as const)('%s is left out, with the reason', async (_, rows, path, reason) => {
  const { studies, leftOut } = await studiesIn({ 'someone/model': rows }, path);
  expect(studies).toEqual([]);
  expect(leftOut.map((each) => each.reason)).toEqual([reason]);
});

test('keeps are counted by position and by the misses before them, each repository once too', async () => {
  const other = usual.map(([value, status, text], at): Row => [value, at === 1 ? 'discard' : status, `other ${text}`]);
  const { studies } = await studiesIn({
    'someone/model': usual,
    'someone/else': other.map(([value, ...rest]) => [`${value}1`, ...rest] as const),
  });
  const { byPosition, byMisses, keeps, repositories } = evidenceTables(studies);
  expect({ keeps, repositories }).toEqual({ keeps: 3, repositories: 2 });
  expect(byPosition[0]).toMatchObject({ span: '1 to 10', experiments: 20, keeps: 3, keepRate: 0.15, crashRate: 0.1 });
  expect(byMisses[0]).toMatchObject({ span: '0', experiments: 5, keeps: 1, keepRateOverRepositories: 0.1667 });
});
