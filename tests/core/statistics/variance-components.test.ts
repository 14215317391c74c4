import { expect, test } from 'vitest';
import { createRandom } from '../../../src/core/base/random.ts';
import { drawNormal } from '../../../src/core/statistics/draw-normal.ts';
import { fitVarianceComponents, type Rows } from '../../../src/core/statistics/variance-components.ts';

const groups = 40;
const perGroup = 6;
const size = groups * perGroup;

/** Covariances at variance 1 of an effect that observations of one group share. */
function shared(groupOf: (index: number) => number): Rows {
  const indices = Array.from({ length: size }, (_, index) => index);
  return indices.map((a) => Float64Array.from(indices, (b) => (groupOf(a) === groupOf(b) ? 1 : 0)));
}

const nothing = Array.from({ length: size }, () => new Float64Array(size));
const identity = shared((index) => index);
const byGroup = shared((index) => Math.floor(index / perGroup));
const byTurn = shared((index) => index % 12);

test('the variances of two effects are found, and that of an effect that is not there is near 0', () => {
  const random = createRandom('variance components');
  const normal = () => drawNormal(() => random.unit());
  const levels = Array.from({ length: groups }, () => 2 * normal());
  const observations = Float64Array.from(
    { length: size },
    (_, i) => (levels[Math.floor(i / perGroup)] ?? 0) + normal(),
  );
  const { variances } = fitVarianceComponents([byGroup, identity, byTurn], nothing, observations);
  const [group = 0, own = 0, turn = 1] = variances;
  // The standard error of a variance of 40 levels is 22 % of it, that of 200 remainders 10 %.
  expect(group).toBeGreaterThan(2);
  expect(group).toBeLessThan(6);
  expect(own).toBeGreaterThan(0.7);
  expect(own).toBeLessThan(1.3);
  expect(turn).toBeLessThan(0.1);
});

test('what the known part explains is given to no effect', () => {
  const random = createRandom('known part');
  const observations = Float64Array.from({ length: size }, () => drawNormal(() => random.unit()));
  const { variances } = fitVarianceComponents([byGroup], identity, observations);
  expect(variances[0]).toBeLessThan(0.15);
});
