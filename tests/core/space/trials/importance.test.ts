import { expect, test } from 'vitest';
import { createRandom } from '../../../../src/core/base/random.ts';
import { type KnobImportance, measureImportance } from '../../../../src/core/space/trials/importance.ts';
import type { Trial } from '../../../../src/core/space/trials/trials.ts';
import { drawNormal } from '../../../../src/core/statistics/draw-normal.ts';
import { drawTrials, type ToyKnobs, toyLoss, walkToy } from '../../../helpers/toy.ts';

const seeds = Array.from({ length: 20 }, (_, index) => `seed ${index}`);

function knobsOf(trials: readonly Trial[]): readonly KnobImportance[] {
  const knobs = measureImportance(trials)?.knobs ?? [];
  return knobs.map((knob) => ({ ...knob, key: knob.key.slice(knob.key.indexOf(':') + 1) }));
}

const knobOf = (trials: readonly Trial[], name: string) => knobsOf(trials).find(({ key }) => key === name);
const count = <Item>(items: readonly Item[], is: (item: Item) => boolean) => items.filter(is).length;

const walks = seeds.map((seed) => {
  const trials = walkToy(seed);
  return { start: trials[0]?.values ?? {}, knobs: knobsOf(trials) };
});

test('in studies that walk, a knob that nothing reads is not distinguishable', () => {
  expect(
    count(walks, ({ knobs }) => knobs.some(({ key, isDistinguishable }) => key === 'MOMENTUM' && !isDistinguishable)),
  ).toBeGreaterThanOrEqual(19);
});

test('in studies that walk, the three largest gains are in the true order', () => {
  const orders = walks.map(({ knobs }) => knobs.slice(0, 3).map(({ key }) => key));
  const inOrder = count(orders, (order) => order.join() === 'LR,DEPTH,WIDTH');
  expect(inOrder).toBeGreaterThanOrEqual(16);
});

test.each([
  ['LR', 0.3],
  ['DEPTH', 0.16],
  ['WIDTH', 0.1],
  ['DROPOUT', 0.04],
])('the gain of %s is what it alone gains at the best value that was tried, within its interval', (name, most) => {
  const covered = count(walks, ({ start, knobs }) => {
    const knob = knobs.find(({ key }) => key === name);
    const lossAt = (value: unknown) => toyLoss(toyOf({ ...start, [`train.py:${name}`]: value }));
    const truth = lossAt(knob?.from) - lossAt(knob?.to);
    expect(truth).toBeLessThanOrEqual(most + 1e-9);
    const [low, high] = knob?.interval ?? [0, 0];
    return low <= truth && truth <= high;
  });
  expect(covered).toBeGreaterThanOrEqual(16);
});

function toyOf(values: Readonly<Record<string, unknown>>): ToyKnobs {
  const at = (name: string) => Number(values[`train.py:${name}`]);
  const [LR, WIDTH, DROPOUT, DEPTH, MOMENTUM] = ['LR', 'WIDTH', 'DROPOUT', 'DEPTH', 'MOMENTUM'].map(at);
  return { LR: LR ?? 0, WIDTH: WIDTH ?? 0, DROPOUT: DROPOUT ?? 0, DEPTH: DEPTH ?? 0, MOMENTUM: MOMENTUM ?? 0 };
}

test('independent draws are put in the same order', () => {
  for (const seed of seeds.slice(0, 5)) {
    const knobs = knobsOf(drawTrials(seed, 60));
    expect(knobs.slice(0, 3).map(({ key }) => key)).toEqual(['LR', 'DEPTH', 'WIDTH']);
    expect(knobs.find(({ key }) => key === 'MOMENTUM')?.isDistinguishable).toBe(false);
  }
});

test('of knobs of which none has an effect, none is distinguishable', () => {
  const found = seeds.slice(0, 10).flatMap((seed) => knobsOf(walkToy(seed, 0.01, () => 1)));
  expect(count(found, ({ isDistinguishable }) => isDistinguishable)).toBeLessThanOrEqual(1);
});

test('a dead knob stays so where the others depend on each other, and where most trainings are noisy', () => {
  const valley = (knobs: ToyKnobs) =>
    1 + 0.3 * Math.abs(Math.log10(knobs.LR / 0.01) + 0.4 * Math.log2(knobs.WIDTH / 256));
  const found = seeds
    .slice(0, 10)
    .flatMap((seed) => [knobOf(walkToy(seed, 0.01, valley), 'MOMENTUM'), knobOf(walkToy(seed, 0.05), 'MOMENTUM')]);
  expect(count(found, (knob) => knob?.isDistinguishable === true)).toBeLessThanOrEqual(1);
});

/** Trials of a number and of a choice, drawn at random after a start at 0.5 and x. */
function drawnTrials(size: number, score: (a: number, c: string) => number, noise = 0.01): Trial[] {
  const random = createRandom('a number and a choice');
  return Array.from({ length: size }, (_, experiment) => {
    const [a, c] = experiment === 0 ? [0.5, 'x'] : [random.unit(), random.pick(['x', 'y', 'z'])];
    const scores = [score(a, c) + noise * drawNormal(() => random.unit())];
    return { experiment, values: { 'f:A': a, 'f:C': c }, scores };
  });
}

test('a choice is measured as a number is, and its best value is named', () => {
  const knob = knobOf(
    drawnTrials(40, (_, c) => (c === 'y' ? 0 : 0.2)),
    'C',
  );
  expect(knob).toMatchObject({ from: 'x', to: 'y', isDistinguishable: true });
  expect(knob?.gain).toBeCloseTo(0.2, 1);
});

test('a knob whose start is the best of its values gains nothing', () => {
  const knob = knobOf(
    drawnTrials(40, (a) => (a - 0.5) ** 2),
    'A',
  );
  expect(knob?.isDistinguishable).toBe(false);
  expect(knob?.gain).toBeLessThan(0.01);
});

test('shares add up to 1, and are all 0 where no gain is distinguishable', () => {
  const sumOf = (knobs: readonly KnobImportance[]) => knobs.reduce((sum, { share }) => sum + share, 0);
  for (const { knobs } of walks) expect(sumOf(knobs)).toBeCloseTo(1, 9);
  expect(sumOf(knobsOf(drawnTrials(40, () => 1)))).toBe(0);
});

test('neither failures nor trainings that diverged change what is said of the others', () => {
  const score = (a: number) => 0.3 * a;
  const spoilt = drawnTrials(80, score).map((trial) => {
    const a = Number(trial.values['f:A']);
    if (a > 0.9) return { ...trial, scores: [] };
    return a > 0.7 ? { ...trial, scores: [40 + a] } : trial;
  });
  const { gain, isDistinguishable } = knobOf(spoilt, 'A') ?? {};
  expect(isDistinguishable).toBe(true);
  expect(gain).toBeGreaterThan(0.12);
  expect(gain).toBeLessThan(0.18);
});

test('a value that the journal does not tell counts as one of its own', () => {
  const trials = drawnTrials(40, (a) => 0.2 * a).map((trial) => {
    const { 'f:A': _, ...rest } = trial.values;
    return trial.experiment % 3 === 0 ? { ...trial, values: rest, scores: [0.3] } : trial;
  });
  const knob = knobOf(trials, 'A');
  expect(knob).toMatchObject({ isDistinguishable: true, to: expect.any(Number) });
  expect(knob).not.toHaveProperty('from');
});

test('a study of thousands of trials is thinned out and keeps its answer', () => {
  const { trials, knobs = [] } = measureImportance(drawTrials('long', 3000)) ?? {};
  expect(trials).toBe(3000);
  expect(knobs.slice(0, 3).map(({ key }) => key)).toEqual(['train.py:LR', 'train.py:DEPTH', 'train.py:WIDTH']);
});

test('fewer than 16 trials, or none that set a knob, tell nothing', () => {
  expect(measureImportance(drawTrials('few', 15))).toBeUndefined();
  expect(measureImportance(drawTrials('few', 16))).toBeDefined();
  const still = Array.from({ length: 20 }, (_, experiment) => ({ experiment, values: {}, scores: [1] }));
  expect(measureImportance(still)).toBeUndefined();
});

test('equal scores, as a deterministic script without effect gives, are no gain', () => {
  const same = drawTrials('same', 30).map((trial) => ({ ...trial, scores: [1] }));
  expect(knobsOf(same).every(({ isDistinguishable, gain }) => !isDistinguishable && gain === 0)).toBe(true);
});
