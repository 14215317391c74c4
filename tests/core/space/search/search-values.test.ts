import { describe, expect, it } from 'vitest';
import { createRandom } from '../../../../src/core/base/random.ts';
import type { KnobValue, Range } from '../../../../src/core/space/knob.ts';
import { formatRange } from '../../../../src/core/space/range/parse-range.ts';
import { rangeContains } from '../../../../src/core/space/range/range-contains.ts';
import { drawValue, gridValues } from '../../../../src/core/space/search/search-values.ts';

const int = (low: number, high: number, log = false, zero = false): Range => ({ kind: 'int', low, high, log, zero });
const float = (low: number, high: number, log = false, zero = false): Range => {
  return { kind: 'float', low, high, log, zero };
};

const ranges: readonly (readonly [Range, KnobValue])[] = [
  [int(2, 12), 4],
  [int(16, 1024, true), 100],
  [int(8, 64, true, true), 0],
  [int(1, 2), 1],
  [int(-3, 3), 0],
  [float(0, 0.98), 0.5],
  [float(1e-4, 1e-1, true), 1e-3],
  [float(1e-5, 1e-2, true, true), 0],
  [float(1e-5, 1e-2, true, true), 1e-5],
  [float(-1, 1), -1],
  [float(0.12345, 0.12349), 0.12345],
  [{ kind: 'power-of-two', low: 16, high: 1024 }, 64],
  [{ kind: 'power-of-two', low: 1, high: 2 }, 1],
  [{ kind: 'choice', values: ['constant', 'linear', 'cosine'] }, 'linear'],
  [{ kind: 'choice', values: [false, true] }, true],
  [
    {
      kind: 'choice',
      values: [
        [0.9, 0.95],
        [0.9, 0.99],
      ],
    },
    [0.9, 0.95],
  ],
];
const cases = ranges.map(([range, current]) => [formatRange(range), range, current] as const);

describe('a drawn value', () => {
  it.each(cases)('lies in %s and is never the current one', (_, range, current) => {
    const random = createRandom('draws');
    for (let index = 0; index < 300; index++) {
      const value = drawValue(range, current, random);
      expect(rangeContains(range, value), String(value)).toBe(true);
      expect(value).not.toEqual(current);
    }
  });

  it.each(cases)('from %s follows from the random numbers alone', (_, range, current) => {
    const draw = () => drawValue(range, current, createRandom('same'));
    expect(draw()).toEqual(draw());
  });

  it('is the current one only where the range has no other', () => {
    const only: Range = { kind: 'choice', values: [8] };
    expect(drawValue(only, 8, createRandom('x'))).toBe(8);
  });

  it('may be far from a current value that lies outside the range', () => {
    const value = drawValue(float(1, 2), 100, createRandom('x'));
    expect(rangeContains(float(1, 2), value)).toBe(true);
  });

  it('is sometimes the zero that `0 or` allows', () => {
    const random = createRandom('zero');
    const draws = Array.from({ length: 200 }, () => drawValue(float(1e-5, 1e-2, true, true), 1e-3, random));
    expect(draws).toContain(0);
  });

  it('has at most three digits, so that a diff says no more than was meant', () => {
    const random = createRandom('digits');
    for (let index = 0; index < 100; index++) {
      const value = drawValue(float(1e-4, 1, true), 0.01, random) as number;
      expect(Number(value.toPrecision(3))).toBe(value);
    }
  });

  it('has more digits where three would leave a handful of values', () => {
    const random = createRandom('narrow');
    const draws = Array.from({ length: 300 }, () => drawValue(float(0.99, 0.9999), 0.999, random));
    expect(new Set(draws).size).toBeGreaterThan(100);
  });

  it('is near the current one about half of the time', () => {
    const random = createRandom('near');
    const draws = Array.from({ length: 1000 }, () => drawValue(float(0, 1), 0.5, random) as number);
    const near = draws.filter((value) => Math.abs(value - 0.5) < 0.15).length;
    expect(near).toBeGreaterThan(400);
    expect(near).toBeLessThan(750);
  });
});

describe('a grid', () => {
  it.each(cases)('over %s lies in it, rises and repeats nothing', (_, range) => {
    const values = gridValues(range);
    expect(values.length).toBeGreaterThan(1);
    for (const value of values) expect(rangeContains(range, value), String(value)).toBe(true);
    expect(new Set(values.map((value) => JSON.stringify(value))).size).toBe(values.length);
    if (range.kind !== 'choice') expect([...values].sort((a, b) => Number(a) - Number(b))).toEqual(values);
  });

  it.each([
    [int(2, 4), [2, 3, 4]],
    [int(2, 12), [2, 5, 7, 10, 12]],
    [float(0, 1), [0, 0.25, 0.5, 0.75, 1]],
    [float(1e-4, 1, true), [1e-4, 1e-3, 0.01, 0.1, 1]],
    [float(1e-4, 1, true, true), [0, 1e-4, 1e-3, 0.01, 0.1, 1]],
    [{ kind: 'power-of-two', low: 16, high: 128 } as Range, [16, 32, 64, 128]],
    [{ kind: 'choice', values: ['b', 'a'] } as Range, ['b', 'a']],
  ])('over %j is %j', (range, values) => {
    expect(gridValues(range)).toEqual(values);
  });
});
