import { expect, test } from 'vitest';
import { mixtureOf } from '../../../../../src/core/judge/policies/value/effects.ts';
import { startKinds, weightsOf } from '../../../../../src/core/judge/policies/value/kinds.ts';
import { likelihoodsOf, momentsOf } from '../../../../../src/core/judge/policies/value/likelihood.ts';
import { effectPosterior } from '../../../../../src/core/judge/policies/value/posterior.ts';
import { formerKinds } from '../../../../../src/core/judge/policies/value/start.ts';

const begun = weightsOf(startKinds(formerKinds), undefined, { proposals: 0, misses: 0 });

test.each([-7, -3, -1, 0, 0.5, 2, 6])(
  'a mean at %d sigma has the moments in closed form that it has on the grid',
  (offset) => {
    for (const variance of [0.2, 0.5, 1]) {
      const closed = momentsOf(begun, offset, likelihoodsOf(offset, variance));
      const onGrid = effectPosterior(mixtureOf(begun), offset, variance);
      // A grid of fifths of sigma tells small effects less finely.
      expect(Math.abs(closed.mean - onGrid.mean)).toBeLessThan(0.05);
      expect(Math.abs(closed.variance - onGrid.variance)).toBeLessThan(0.05);
    }
  },
);
