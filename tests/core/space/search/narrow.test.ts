import { expect, test } from 'vitest';
import type { SpaceChange } from '../../../../src/core/journal/history.ts';
import type { Dimension, Range, Space } from '../../../../src/core/space/knob.ts';
import { readRange } from '../../../../src/core/space/range/parse-range.ts';
import { decideNarrowing, isNarrowingDue, narrowedSpace } from '../../../../src/core/space/search/narrow.ts';
import type { Trial } from '../../../../src/core/space/trials/trials.ts';

function rangeOf(text: string): Range {
  const reading = readRange(text);
  if (reading.kind !== 'read') throw new Error(text);
  return reading.value;
}

function dimension(name: string, value: Dimension['knob']['value'], range: string): Dimension {
  const type = typeof value === 'number' ? (Number.isInteger(value) ? 'int' : 'float') : 'string';
  return { knob: { name, file: 'a.py', type, value, text: '', span: [0, 0] }, range: rangeOf(range) };
}

const rate = (value = 0.03) => dimension('RATE', value, 'log 1e-4..1');
const quiet = { spaceChanges: [], sinceKeep: 3 };

/** `count` trials of RATE, the best of which lie in a band of its range. */
function trialsAround(count: number, [low, high]: readonly [number, number]): Trial[] {
  return Array.from({ length: count }, (_, experiment) => {
    const isGood = experiment % 4 === 0;
    const share = (experiment % 7) / 6;
    const rate = isGood ? low * (high / low) ** share : 1e-4 * 1e4 ** share;
    return { experiment, values: { 'a.py:RATE': rate }, scores: [isGood ? 1 : 2] };
  });
}

function decide(
  space: Space,
  trials: ReturnType<typeof trialsAround>,
  history: { spaceChanges: readonly SpaceChange[]; sinceKeep: number } = quiet,
) {
  return decideNarrowing(space, trials, history, trials.length);
}

test('what worked leaves a band of the range, with room around it, and the reason says of how many trials', () => {
  const change = decide([rate()], trialsAround(40, [0.01, 0.1]));
  expect(change).toEqual({
    experiment: 40,
    trials: 40,
    reason: 'the best 10 of 40 trials lie there',
    changes: [{ file: 'a.py', knob: 'RATE', from: 'log 1e-4..1', to: 'log 0.00251..0.398' }],
  });
  const [narrowed] = narrowedSpace([rate()], { spaceChanges: change ? [change] : [] });
  expect(narrowed?.range).toMatchObject({ low: 0.00251, high: 0.398, log: true });
});

test('too few trials decide nothing, and then they are not even worth reading', () => {
  expect(decide([rate()], trialsAround(39, [0.01, 0.1]))).toBeUndefined();
  expect([39, 40].map((experiment) => isNarrowingDue(quiet, experiment))).toEqual([false, true]);
});

test('the current value always stays within', () => {
  const change = decide([rate(1e-3)], trialsAround(40, [0.01, 0.1]));
  const [narrowed] = narrowedSpace([rate(1e-3)], { spaceChanges: change ? [change] : [] });
  expect(narrowed?.range).toMatchObject({ low: 0.000251, high: 0.398 });
});

test('a later incumbent outside a narrowed range has the whole range again', () => {
  const change = decide([rate()], trialsAround(40, [0.01, 0.1]));
  const [narrowed] = narrowedSpace([rate(5e-4)], { spaceChanges: change ? [change] : [] });
  expect(narrowed?.range).toEqual(rate().range);
});

test('ten trials later the band may have moved, and what would hardly move stays', () => {
  const spaceChanges = [decide([rate()], trialsAround(40, [0.01, 0.1]))].filter((change) => change !== undefined);
  expect(decide([rate()], trialsAround(49, [1e-3, 0.01]), { spaceChanges, sinceKeep: 3 })).toBeUndefined();
  expect(decide([rate()], trialsAround(50, [0.01, 0.12]), { spaceChanges, sinceKeep: 3 })).toBeUndefined();
  const moved = decide([rate(0.003)], trialsAround(50, [1e-3, 0.01]), { spaceChanges, sinceKeep: 3 });
  expect(moved?.changes).toEqual([
    { file: 'a.py', knob: 'RATE', from: 'log 0.00251..0.398', to: 'log 2.51e-4..0.0398' },
  ]);
});

test('where hardly anybody has looked, nothing is closed, on either side by itself', () => {
  const trialsWith = (far: number) =>
    Array.from({ length: 40 }, (_, experiment) => ({
      experiment,
      values: { 'a.py:RATE': experiment < far ? 1e-4 : 0.03 },
      scores: [experiment < far ? 3 : 1],
    }));
  expect(decide([rate()], trialsWith(2))).toBeUndefined();
  expect(decide([rate()], trialsWith(3))?.changes).toMatchObject([{ knob: 'RATE', to: 'log 0.00475..1' }]);
});

test('a plateau opens all ranges again, and says so', () => {
  const spaceChanges = [decide([rate()], trialsAround(40, [0.01, 0.1]))].filter((change) => change !== undefined);
  const opened = decide([rate()], trialsAround(60, [0.01, 0.1]), { spaceChanges, sinceKeep: 15 });
  expect(opened?.reason).toBe('no gain in 15 experiments: the ranges are open again');
  expect(opened?.changes).toEqual([{ file: 'a.py', knob: 'RATE', from: 'log 0.00251..0.398', to: 'log 1e-4..1' }]);
  const again = narrowedSpace([rate()], { spaceChanges: [...spaceChanges, ...(opened ? [opened] : [])] });
  expect(again[0]?.range).toEqual(rate().range);
  // On a plateau there is nothing more to open.
  const all = [...spaceChanges, ...(opened ? [opened] : [])];
  expect(decide([rate()], trialsAround(70, [0.01, 0.1]), { spaceChanges: all, sinceKeep: 30 })).toBeUndefined();
});

test('ranges that a plateau opened stay open for ten trials, and are narrowed again only after a keep', () => {
  const trials = (count: number) => trialsAround(count, [0.01, 0.1]);
  const narrowed = [decide([rate()], trials(40))].filter((change) => change !== undefined);
  const opened = decide([rate()], trials(60), { spaceChanges: narrowed, sinceKeep: 15 });
  const spaceChanges = [...narrowed, ...(opened ? [opened] : [])];
  expect(decide([rate()], trials(69), { spaceChanges, sinceKeep: 0 })).toBeUndefined();
  expect(decide([rate()], trials(70), { spaceChanges, sinceKeep: 24 })).toBeUndefined();
  expect(decide([rate()], trials(70), { spaceChanges, sinceKeep: 14 })?.changes).toMatchObject([
    { knob: 'RATE', from: 'log 1e-4..1' },
  ]);
});

test('asked again for the same experiment, as after a crash, it decides nothing more', () => {
  const change = decide([rate()], trialsAround(40, [0.01, 0.1]));
  const spaceChanges = change ? [{ ...change, trials: 0 }] : [];
  expect(decide([rate()], trialsAround(40, [1e-3, 0.01]), { spaceChanges, sinceKeep: 3 })).toBeUndefined();
});

test('choices, and ranges with a zero of their own, are never narrowed; whole numbers and powers of two stay such', () => {
  const space = [
    dimension('MODE', 'a', 'choice a, b'),
    dimension('DROPOUT', 0.1, '0 or log 1e-3..1'),
    dimension('LAYERS', 3, 'int 1..24'),
    dimension('WIDTH', 64, 'pow2 8..4096'),
  ];
  const finished = Array.from({ length: 40 }, (_, experiment) => ({
    experiment,
    values:
      experiment < 36
        ? { 'a.py:MODE': 'a', 'a.py:DROPOUT': 0.1, 'a.py:LAYERS': 3, 'a.py:WIDTH': 64 }
        : { 'a.py:MODE': 'b', 'a.py:DROPOUT': 1e-3, 'a.py:LAYERS': 20, 'a.py:WIDTH': 4096 },
    scores: [experiment],
  }));
  const change = decideNarrowing(space, finished, quiet, 40);
  expect(change?.changes.map(({ knob, to }) => [knob, to])).toEqual([
    ['LAYERS', 'int 1..11'],
    ['WIDTH', 'pow2 8..256'],
  ]);
  for (const { range, knob } of narrowedSpace(space, { spaceChanges: change ? [change] : [] })) {
    if (knob.name === 'WIDTH') expect(range).toEqual(rangeOf('pow2 8..256'));
  }
});

test('a trial that does not say what a knob was says nothing of where it is good', () => {
  const finished = Array.from({ length: 40 }, (_, experiment) => ({
    experiment,
    // Three bad trials at the top; the others, the good ones among them, do not say their RATE.
    values: experiment > 36 ? { 'a.py:RATE': 1 } : {},
    scores: [experiment > 36 ? 9 : 1],
  }));
  const change = decideNarrowing([rate(0.01)], finished, quiet, 40);
  expect(change?.changes.map(({ to }) => to)).toEqual(['log 1e-4..0.0631']);
});

test('a narrowed range is never rounded out of the given one', () => {
  const beta = dimension('BETA', 0.999, '0.99..0.9999');
  const finished = Array.from({ length: 40 }, (_, experiment) => ({
    experiment,
    values: { 'a.py:BETA': experiment < 10 ? 0.9995 : 0.99 },
    scores: [experiment < 10 ? 1 : 2],
  }));
  const [change] = decideNarrowing([beta], finished, quiet, 40)?.changes ?? [];
  expect(change?.to).toMatch(/\.\.0\.9999$/);
});
