import { describe, expect, it } from 'vitest';
import { curveParts, lossAt, thinCurve } from '../../../src/core/journal/curve.ts';
import { firstBeyond, referenceOf } from '../../../src/core/run/curve-margin.ts';

/** A loss that falls to `end` from `start`, with `points` points at even shares. */
function falling(start: number, end: number, points = 32, until = 1): [number, number][] {
  return Array.from({ length: points }, (_, index) => {
    const share = (index + 1) / points;
    return [share, end + (start - end) * Math.exp(-4 * share)] as [number, number];
  }).filter(([share]) => share <= until);
}

describe('a curve is thinned', () => {
  it('to a few points of four digits, however many there were', () => {
    const thin = thinCurve(falling(8, 2, 10_000));
    expect(thin).toHaveLength(curveParts);
    expect(thin.at(-1)?.[0]).toBe(1);
    for (const [, loss] of thin) expect(Number(loss.toPrecision(4))).toBe(loss);
    expect(JSON.stringify(thin).length).toBeLessThan(320);
  });

  it('without the part that is not finished yet', () => {
    expect(
      thinCurve([
        [0.04, 3],
        [0.06, 2],
      ] as const),
    ).toEqual([[0.05, 3]]);
    expect(thinCurve([])).toEqual([]);
  });

  it('and read between its points and beyond them', () => {
    const curve = [
      [0.2, 4],
      [0.4, 2],
    ] as const;
    expect([0.1, 0.2, 0.3, 0.4, 1].map((share) => lossAt(curve, share))).toEqual([4, 4, 3, 2, 2]);
    expect(lossAt([], 0.5)).toBeUndefined();
  });
});

describe("a run is far beyond the incumbent's curve", () => {
  const reference = referenceOf([thinCurve(falling(8, 2)), thinCurve(falling(8, 2.02))]);
  if (!reference) throw new Error('no reference');
  const beyond = (points: [number, number][]) => firstBeyond(reference, thinCurve(points), 0.75);

  it.each([
    ['the same curve', falling(8, 2)],
    ['a little worse one', falling(8, 2.1)],
    ['a better one', falling(8, 1.5)],
    ['one that starts far higher and falls faster', falling(30, 1.9)],
    [
      'one that is worse at the beginning only',
      [...falling(60, 2, 32, 0.2), ...falling(8, 2).filter(([share]) => share > 0.2)],
    ],
    ['one that is worse at the end only', falling(8, 2).map(([share, loss]) => [share, share > 0.85 ? 9 : loss])],
    ['one with a single jump', falling(8, 2).map(([share, loss], index) => [share, index === 15 ? 9 : loss])],
  ] as [string, [number, number][]][])('not on %s', (_, points) => {
    expect(beyond(points)).toBeUndefined();
  });

  it.each([
    ['one that has stopped falling', falling(8, 2).map(([share, loss]) => [share, Math.max(loss, 5)]), 0.6],
    ['one that diverges', falling(8, 2).map(([share, loss]) => [share, share > 0.3 ? 8 + share : loss]), 0.5],
    ['one that is flat from the start', falling(8, 7.9), 0.4],
  ] as [string, [number, number][], number][])('but on %s', (_, points, latest) => {
    const share = beyond(points);
    expect(share).toBeGreaterThanOrEqual(0.25);
    expect(share).toBeLessThanOrEqual(latest);
  });

  it('only where the incumbent has a whole curve', () => {
    expect(referenceOf([])).toBeUndefined();
    expect(referenceOf([thinCurve(falling(8, 2, 32, 0.6))])).toBeUndefined();
    expect(referenceOf([thinCurve(falling(8, 2, 5))])).toBeUndefined();
  });
});
