/**
 * Frozen values. When one of these tests fails, every study that was begun before would propose something else after a
 * resume: mend the code, never the numbers.
 */
import { describe, expect, it } from 'vitest';
import { createRandom, hashText } from '../../../src/core/base/random.ts';
import { seedOf } from '../../../src/core/run/seed.ts';

describe('the frozen values', () => {
  it.each([
    ['', 167010153],
    ['nov23', 933658753],
    ['nov23/experiment 1/attempt 0', 3793855292],
    ['Größe 🌙', 3324926811],
  ])('of a hash of %j', (text, hash) => {
    expect(hashText(text)).toBe(hash);
  });

  it('of a stream', () => {
    const random = createRandom('nov23/experiment 1/attempt 0');
    expect([random.unit(), random.unit(), random.whole(1, 6), random.pick(['a', 'b', 'c'])]).toEqual([
      0.5859684313181788,
      0.18509215023368597,
      6,
      'b',
    ]);
  });

  it('of the seeds of runs', () => {
    expect([seedOf('nov23', 1, 1), seedOf('nov23', 1, 2), seedOf('nov23', 2, 1), seedOf('demo', 1, 1)]).toEqual([
      1940082651, 291146512, 1123648671, 1019047333,
    ]);
  });
});

describe('a random generator', () => {
  it('gives the same draws for the same text, and others for another', () => {
    const draw = (text: string) => Array.from({ length: 5 }, createRandom(text).unit);
    expect(draw('a')).toEqual(draw('a'));
    expect(draw('a')).not.toEqual(draw('b'));
  });

  it('draws units below one, whole numbers from both ends, and every element', () => {
    const random = createRandom('spread');
    const units = Array.from({ length: 10_000 }, random.unit);
    expect(Math.min(...units)).toBeGreaterThanOrEqual(0);
    expect(Math.max(...units)).toBeLessThan(1);
    expect(units.reduce((sum, unit) => sum + unit, 0) / units.length).toBeCloseTo(0.5, 1);
    expect(new Set(Array.from({ length: 1000 }, () => random.whole(-1, 2)))).toEqual(new Set([-1, 0, 1, 2]));
    expect(new Set(Array.from({ length: 100 }, () => random.pick(['x', 'y'])))).toEqual(new Set(['x', 'y']));
    expect(random.pick(['only'])).toBe('only');
  });
});

describe('seeds', () => {
  it('of the baseline are 1, 2 and 3', () => {
    expect([1, 2, 3].map((index) => seedOf('nov23', 0, index))).toEqual([1, 2, 3]);
  });

  it('are never used twice in a study, and fit into 31 bits', () => {
    const seeds = new Set<number>();
    for (let experiment = 0; experiment < 500; experiment++) {
      for (const index of [1, 2, 3]) seeds.add(seedOf('nov23', experiment, index));
    }
    expect(seeds.size).toBe(1500);
    for (const seed of seeds) expect(seed).toBeLessThan(2 ** 31);
  });

  it('differ between studies', () => {
    expect(seedOf('nov23', 1, 1)).not.toBe(seedOf('nov24', 1, 1));
  });
});
