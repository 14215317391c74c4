import { expect, test } from 'vitest';
import { createRandom } from '../../../../src/core/base/random.ts';
import { measureImportance } from '../../../../src/core/space/trials/importance.ts';
import type { Trial } from '../../../../src/core/space/trials/trials.ts';

/** Trials of three knobs drawn at random; the score is what the last argument makes of them. */
function trialsOf(
  seed: string,
  count: number,
  score: (values: { a: number; b: number; c: string }) => number,
): Trial[] {
  const random = createRandom(seed);
  return Array.from({ length: count }, (_, experiment) => {
    const values = { a: random.unit(), b: random.unit(), c: random.pick(['x', 'y', 'z']) };
    return { experiment, values: { 'f:A': values.a, 'f:B': values.b, 'f:C': values.c }, scores: [score(values)] };
  });
}

const seeds = Array.from({ length: 20 }, (_, index) => `seed ${index}`);
const shareOf = (trials: readonly Trial[], key: string) =>
  measureImportance(trials)?.knobs.find((knob) => knob.key === key)?.share ?? Number.NaN;
const meanShare = (key: string, count: number, score: Parameters<typeof trialsOf>[2]) =>
  seeds.reduce((sum, seed) => sum + shareOf(trialsOf(seed, count, score), key), 0) / seeds.length;

test('the knob that decides the score has nearly all of the importance', () => {
  const score = ({ a, b }: { a: number; b: number }) => (a - 0.3) ** 2 + b / 1000;
  expect(meanShare('f:A', 60, score)).toBeGreaterThan(0.8);
  for (const seed of seeds) expect(measureImportance(trialsOf(seed, 60, score))?.knobs[0]?.key).toBe('f:A');
});

test('a choice that decides is found as a number is', () => {
  expect(meanShare('f:C', 60, ({ b, c }) => (c === 'y' ? 0 : 1) + b / 1000)).toBeGreaterThan(0.6);
});

test('of two knobs, the one that moves the score more has more', () => {
  const score = ({ a, b }: { a: number; b: number }) => 3 * a + b;
  expect(meanShare('f:A', 100, score)).toBeGreaterThan(2 * meanShare('f:B', 100, score));
});

test('shares add up to 1, or are all 0 where no knob does better than chance', () => {
  for (const seed of seeds) {
    const noise = createRandom(`${seed}/noise`);
    const shares = measureImportance(trialsOf(seed, 30, () => noise.unit()))?.knobs.map(({ share }) => share) ?? [];
    const total = shares.reduce((sum, share) => sum + share, 0);
    expect([0, 1]).toContain(Number(total.toFixed(9)));
  }
});

test('what fails is worse than every score: a knob that decides over failure is important', () => {
  const trials = trialsOf('failures', 60, ({ b }) => b / 1000).map((trial) =>
    Number(trial.values['f:A']) > 0.3 ? { ...trial, scores: [] } : trial,
  );
  expect(measureImportance(trials)?.knobs[0]?.key).toBe('f:A');
});

test('a value that was never set counts as one of its own', () => {
  const trials = trialsOf('unset', 40, ({ a }) => a).map((trial, index) => {
    const { 'f:B': _, ...rest } = trial.values;
    return index < 10 ? { ...trial, values: rest, scores: [-1] } : trial;
  });
  expect(measureImportance(trials)?.knobs[0]?.key).toBe('f:B');
});

test('fewer than 16 trials, or none that set a knob, tell nothing', () => {
  expect(measureImportance(trialsOf('few', 15, ({ a }) => a))).toBeUndefined();
  expect(measureImportance(trialsOf('few', 16, ({ a }) => a))).toBeDefined();
  const still = Array.from({ length: 20 }, (_, experiment) => ({ experiment, values: {}, scores: [1] }));
  expect(measureImportance(still)).toBeUndefined();
});
