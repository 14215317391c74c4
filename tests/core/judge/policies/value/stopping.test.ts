import { expect, test } from 'vitest';
import { createRandom } from '../../../../../src/core/base/random.ts';
import { at, grid } from '../../../../../src/core/judge/policies/value/effects.ts';
import { keepMargin, priceOfFiction, worthOfKeeping } from '../../../../../src/core/judge/policies/value/keep-worth.ts';
import { chanceOfGain, effectPosterior } from '../../../../../src/core/judge/policies/value/posterior.ts';
import { maxRuns, type Stopping, solveStopping } from '../../../../../src/core/judge/policies/value/stopping.ts';
import { drawNormal } from '../../../../../src/core/statistics/draw-normal.ts';

/** Effects and how often a proposal has them. */
const mixed = (chances: Readonly<Record<number, number>>) =>
  grid.map((point) => Object.entries(chances).find(([effect]) => Math.abs(point - Number(effect)) < 1e-9)?.[1] ?? 0);

test('where every proposal gains two sigma a run gains that less the margin, and none is repeated', () => {
  const { rate, worthOfAnother } = solveStopping(mixed({ [-2]: 1 }), 0.05, false);
  expect(rate).toBeCloseTo(2 - keepMargin, 2);
  for (const offset of [-5, -2, 0, 2]) expect(worthOfAnother(1, offset)).toBeLessThan(0);
});

test('where no proposal does anything a run gains nothing, and none is worth repeating', () => {
  const { rate, worthOfAnother } = solveStopping(mixed({ 0: 1 }), 0.05, false);
  expect(rate).toBeCloseTo(0, 3);
  for (const offset of [-5, -1, 0, 2]) expect(worthOfAnother(1, offset)).toBeLessThanOrEqual(1e-9);
});

const rareGains = mixed({ [-1.6]: 0.1, 0: 0.9 });
const smallGains = mixed({ [-1]: 0.05, 0: 0.35, 2: 0.6 });

test.each([
  ['rare gains among nothing', rareGains],
  ['rare small gains among harms', smallGains],
])('under %s a study that follows the rule gains the rate per run', (name, prior) => {
  const { rate, worthOfAnother } = solveStopping(prior, 0, false);
  expect(gainPerRun(name, prior, worthOfAnother)).toBeCloseTo(rate, 2);
});

test('where gains are rare and small a study that never repeats a run gains less', () => {
  const { rate } = solveStopping(smallGains, 0, false);
  expect(gainPerRun('never', smallGains, () => -1)).toBeLessThan(0.8 * rate);
});

/** Gain per run, in sigma and less the price of fictions, of 5,000 proposals: repeated while worth it, kept when worth it. */
function gainPerRun(name: string, prior: Float64Array, worthOfAnother: Stopping['worthOfAnother']): number {
  const random = createRandom(name);
  let [gained, used] = [0, 0];
  for (let proposal = 0; proposal < 5_000; proposal++) {
    const effect = drawFrom(prior, random.unit());
    let [total, runs] = [0, 0];
    do {
      total += effect + drawNormal(random.unit);
      runs += 1;
    } while (runs < maxRuns && worthOfAnother(runs, total / runs) > 0);
    const posterior = effectPosterior(prior, total / runs, 1 / runs);
    const isKept = worthOfKeeping(-posterior.mean, chanceOfGain(posterior)) > 0;
    if (isKept) gained += -effect - keepMargin - (effect < 0 ? 0 : priceOfFiction);
    used += runs;
  }
  return gained / used;
}

function drawFrom(density: Float64Array, share: number): number {
  let below = 0;
  const index = density.findIndex((chance) => {
    below += chance;
    return below > share;
  });
  return at(grid, index);
}
