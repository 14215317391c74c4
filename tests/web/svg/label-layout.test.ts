import { describe, expect, it } from 'vitest';
import { placeLabels } from '../../../src/web/svg/label-layout.ts';

const shelf = { left: 0, right: 100, spacing: 10 };
const label = (x: number, { reach = 5, weight = 1 } = {}) => ({ x, reach, weight });
const anchors = (...labels: ReturnType<typeof label>[]) => placeLabels(labels, shelf).map(({ anchor }) => anchor);

describe('labels on a shelf', () => {
  it('stand over their points where there is room', () => {
    expect(anchors(label(10), label(40), label(80))).toEqual([10, 40, 80]);
  });

  it('share the way when they would touch', () => {
    expect(anchors(label(50), label(50), label(50))).toEqual([40, 50, 60]);
  });

  it('never reach beyond the shelf', () => {
    expect(anchors(label(0), label(1))).toEqual([0, 10]);
    expect(anchors(label(98, { reach: 40 }), label(99, { reach: 40 }))).toEqual([50, 60]);
  });

  it('leave out those that matter least when there are more than fit', () => {
    const many = Array.from({ length: 40 }, (_, index) => label(index * 2, { weight: index === 7 ? 100 : index }));
    const placed = placeLabels(many, shelf);
    expect(placed.length).toBeLessThanOrEqual(10);
    expect(placed.some(({ x }) => x === 14)).toBe(true);
    for (const [index, { anchor }] of placed.slice(1).entries())
      expect(anchor - (placed[index]?.anchor ?? 0)).toBeGreaterThan(9.99);
  });
});
