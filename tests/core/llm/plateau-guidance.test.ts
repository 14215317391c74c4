import { expect, test } from 'vitest';
import type { Edit } from '../../../src/core/journal/proposal.ts';
import { plateauGuidance } from '../../../src/core/llm/plateau-guidance.ts';
import { describeGrowth } from '../../../src/core/llm/source-growth.ts';
import { type Attempt, createJournal, historyOf } from '../../helpers/study-history.ts';

const set = (knob: string, to: number): Edit => ({ kind: 'set-knob', file: 'train.py', knob, to });
const knobAttempt = (knob: string, to: number): Attempt => ({
  title: `${knob} to ${to}`,
  kind: 'knobs',
  edits: [set(knob, to)],
  value: 3.1,
});
const many = (count: number, attempt: (index: number) => Attempt) =>
  Array.from({ length: count }, (_, at) => attempt(at));
const space = ['LR', 'WARMUP', 'DEPTH'].map((name) => ({
  knob: { file: 'train.py', name, type: 'float' as const, value: 1, text: '1', line: 1, span: [0, 1] as const },
  range: { kind: 'float' as const, low: 0, high: 1, log: false, zero: false },
  origin: 'derived' as const,
}));

/** All that a plateau suggests over several experiments, since each shows three pieces of it. */
function suggestionsOver(attempts: (extra: number) => readonly Attempt[]): string {
  return [0, 1, 2, 3, 4, 5].map((extra) => plateauGuidance(historyOf([...attempts(extra)]), space as never)).join('\n');
}

test('proposals of knobs alone lead to code, and name the knobs that were never turned and the one turned most', () => {
  const said = suggestionsOver((extra) => many(16 + extra, (at) => knobAttempt('LR', at)));
  expect(said).toMatch(/15 of the last 15 only set knobs: change code/);
  expect(said).toMatch(/has ever turned WARMUP, DEPTH\./);
  expect(said).toMatch(/LR was turned in 15 of the last 15 without a keep/);
  expect(said).not.toMatch(/Mend|Combine|tune the knobs/);
});

test('proposals of code alone lead to knobs', () => {
  const said = suggestionsOver((extra) => many(16 + extra, (at) => ({ title: `layer ${at}`, value: 3.2 })));
  expect(said).toMatch(/15 of the last 15 changed code: tune the knobs/);
  expect(said).not.toMatch(/change code this time/);
});

test('a failed idea is named with its tool, and near misses are to be combined', () => {
  const said = suggestionsOver((extra) => [
    { title: 'rotary positions', reason: 'RuntimeError: shapes' },
    { title: 'a', value: 2.999 },
    { title: 'b', value: 2.998 },
    ...many(14 + extra, (at) => ({ title: `c${at}`, value: 3.3 })),
  ]);
  expect(said).toMatch(
    /Mend #1 "rotary positions" \(crash RuntimeError\), whose idea was never measured: start_from 1/,
  );
  expect(said).toMatch(/Combine #3 and #2/);
});

test('from one experiment to the next other advice comes first', () => {
  const firsts = [0, 1, 2].map((extra) => {
    const history = historyOf([
      { title: 'x', reason: 'exit code 1' },
      ...many(16 + extra, (at) => knobAttempt('LR', at)),
    ]);
    return plateauGuidance(history, space as never).split('\n')[0];
  });
  expect(new Set(firsts).size).toBe(3);
});

test('the growth of the code is told with the keeps that added most, and not while it has not grown', () => {
  const journal = createJournal();
  journal.begin();
  expect(describeGrowth(journal.history())).toBe('');
  const grown = withSizes([15, 45, 48]);
  expect(grown).toMatch(/^The code has 48 lines, 15 at the start, comments not counted\./);
  expect(grown).toMatch(/#1 \(\+30, gain \+0\.1\), #2 \(\+3, gain \+0\.1\)/);
});

/** A study whose keeps left these sizes of code, the baseline's first. */
function withSizes([start = 0, ...sizes]: readonly number[]): string {
  const journal = createJournal();
  journal.begin();
  for (const [index] of sizes.entries()) journal.attempt({ title: `k${index}`, value: 2.9 - index / 10, isKept: true });
  for (const [at, entry] of journal.entries.entries()) {
    if (entry.event !== 'candidate-committed') continue;
    const lines = [start, ...sizes][entry.experiment] ?? 0;
    journal.entries[at] = { ...entry, code: { lines, characters: 30 * lines } };
  }
  return describeGrowth(journal.history());
}
