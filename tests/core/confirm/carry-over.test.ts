import { describe, expect, it, test } from 'vitest';
import { compareGains } from '../../../src/core/confirm/carry-over.ts';
import { compareContenders } from '../../../src/core/confirm/compare-contenders.ts';

/** Five scores around a mean that spread by about this much, on either side. */
function scores(centre: number, spread: number): number[] {
  return [-1.2, -0.6, 0, 0.6, 1.2].map((step) => centre + step * spread);
}

/** Final against a baseline of 3, whose gain is this large, with this spread of a run. */
function gain(size: number, spread = 0.01) {
  return compareContenders('minimize', scores(3, spread), scores(3 - size, spread));
}

describe('a gain at a longer budget', () => {
  test.each([
    ['carries over', 'as large', gain(0.1), gain(0.1)],
    ['carries over', 'larger', gain(0.1), gain(0.3)],
    ['carries over', 'smaller by less than the noise', gain(0.1), gain(0.09)],
    ['partly', 'shown, but smaller', gain(0.1), gain(0.04)],
    ['gone', 'about nothing, and smaller', gain(0.1), gain(0.001)],
    ['gone', 'a loss', gain(0.1), gain(-0.1)],
    ['gone', 'a loss where the gain was noise too', gain(0.01, 0.02), gain(-0.1)],
    ['cannot tell', 'hidden by noise', gain(0.1, 0.05), gain(0.08, 0.2)],
    ['cannot tell', 'without a score', gain(0.1), undefined],
    ['cannot tell', 'compared with nothing', undefined, gain(0.1)],
    ['cannot tell', 'without spread', gain(0.1), gain(0.1, 0)],
  ])('%s when it is %s', (verdict, _, study, longer) => {
    expect(compareGains(study, longer).verdict).toBe(verdict);
  });

  it("differs from the study's by an interval that is wider than either gain's alone", () => {
    const { difference } = compareGains(gain(0.1), gain(0.04));
    expect(difference?.value).toBeCloseTo(-0.06, 12);
    const [low = 0, high = 0] = difference?.interval ?? [];
    const [ownLow = 0, ownHigh = 0] = gain(0.1)?.interval ?? [];
    expect(high - low).toBeGreaterThan(ownHigh - ownLow);
  });
});
