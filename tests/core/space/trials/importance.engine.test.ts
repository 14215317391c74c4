/** On independent draws, which Optuna's evaluators are made for, ours ranks the knobs as they do. */
import { execa } from 'execa';
import { expect, test } from 'vitest';
import { createRandom } from '../../../../src/core/base/random.ts';
import { measureImportance } from '../../../../src/core/space/trials/importance.ts';
import type { Trial } from '../../../../src/core/space/trials/trials.ts';
import { drawNormal } from '../../../../src/core/statistics/draw-normal.ts';
import { enginePython } from '../../../helpers/engine-python.ts';
import { drawTrials } from '../../../helpers/toy.ts';

async function optunaOrders(trials: readonly Trial[]): Promise<Record<string, readonly string[]>> {
  const input = JSON.stringify(trials.map(({ values, scores }) => ({ values, score: scores[0] })));
  const { stdout } = await execa(enginePython(), ['tests/fixtures/optuna_importance.py'], { input });
  const found = JSON.parse(stdout) as Record<string, Record<string, number>>;
  const order = (shares: Record<string, number>) =>
    Object.entries(shares)
      .sort(([, a], [, b]) => b - a)
      .map(([key]) => key);
  return Object.fromEntries(Object.entries(found).map(([name, shares]) => [name, order(shares)]));
}

/** The worst corner, then independent draws, of a loss to which each knob adds half as much as the one before, the last nothing. */
function drawSlopes(seed: string, count: number): Trial[] {
  const random = createRandom(seed);
  return Array.from({ length: count }, (_, experiment) => {
    const [a = 1, b = 1, c = 1, dead = 1] = Array.from({ length: 4 }, () => (experiment === 0 ? 1 : random.unit()));
    const score = 0.4 * a + 0.2 * b + 0.1 * c + 0.02 * drawNormal(() => random.unit());
    return { experiment, values: { 'f:A': a, 'f:B': b, 'f:C': c, 'f:DEAD': dead }, scores: [score] };
  });
}

test.each(['a', 'b'])(
  'the order of the knobs is that of fANOVA, and PED-ANOVA agrees on the first (draws %s)',
  async (seed) => {
    const trials = drawSlopes(seed, 200);
    const own = measureImportance(trials)?.knobs.map(({ key }) => key);
    const { fanova, 'ped-anova': pedAnova } = await optunaOrders(trials);
    expect(own).toEqual(['f:A', 'f:B', 'f:C', 'f:DEAD']);
    expect(fanova).toEqual(own);
    // Of 200 trials it compares 20 with the rest, so that smaller effects change places from draw to draw.
    expect(pedAnova?.[0]).toBe(own?.[0]);
  },
);

test.each(['a', 'b'])('both agree on the two knobs that matter most to the toy (draws %s)', async (seed) => {
  const trials = drawTrials(seed, 200);
  const own = measureImportance(trials)?.knobs.map(({ key }) => key);
  const { fanova, 'ped-anova': pedAnova } = await optunaOrders(trials);
  expect(fanova?.slice(0, 2)).toEqual(own?.slice(0, 2));
  expect(pedAnova?.slice(0, 2)).toEqual(own?.slice(0, 2));
});
