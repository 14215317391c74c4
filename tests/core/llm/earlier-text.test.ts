import { expect, test } from 'vitest';
import { earlierText } from '../../../src/core/llm/earlier-text.ts';

test('a model is told what was kept before its study, what was not and what failed, with gains and no scores', () => {
  const text = earlierText({
    source: 'results.tsv',
    metric: 'val_bpb',
    goal: 'minimize',
    experiments: [
      { title: 'start', status: 'keep', value: 1.25, isBaseline: true },
      { title: 'wider', status: 'keep', value: 1.0 },
      { title: 'deeper\u001b[2J', status: 'discard', value: 1.125 },
      { title: '', status: 'crash', value: null, settings: { lr: '9' } },
    ],
  });
  expect(text).toContain('4 experiments of results.tsv by another program, on val_bpb.');
  expect(text?.split('\n\n').slice(2)).toEqual([
    '## Kept there',
    '- baseline: start\n- gain +0.25 wider',
    '## Tried there and not kept',
    '- gain -0.125 deeper',
    '## Failed there',
    '- lr=9',
  ]);
  expect(text).not.toContain('1.25');
});

test('of an earlier study of the repository it is told that its best is where this one starts, and why things failed', () => {
  const text = earlierText({
    source: 'study nov28',
    metric: 'val_bpb',
    goal: 'minimize',
    experiments: [
      { title: 'baseline', status: 'keep', value: 1.25, isBaseline: true },
      { title: 'deeper', status: 'crash', value: null, reason: 'out of memory: no room' },
    ],
    study: { tag: 'nov28', isComparable: true, start: 1.25, trials: [], recipes: [], tried: {} },
  });
  expect(text).toContain('2 experiments of study nov28, an earlier study of this repository, on val_bpb.');
  expect(text).toContain('- deeper: out of memory: no room');
});

test('a study that goes on from nothing is told nothing of it', () => {
  expect(earlierText(undefined)).toBeUndefined();
});

test('a thousand experiments are told in a text of bounded size', () => {
  const experiments = Array.from({ length: 1000 }, () => ({
    title: 'x'.repeat(600),
    status: 'keep' as const,
    value: 1,
  }));
  const text = earlierText({ source: 's', metric: 'm', goal: 'minimize', experiments });
  expect(text?.length).toBeLessThan(15_000);
});
