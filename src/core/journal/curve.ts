/**
 * A training curve: the live loss over the share of the budget, thinned to a few points.
 */
import { z } from 'zod';

/** Points in rising order: share of the budget used, and the mean loss since the point before. */
export const curveSchema = z.array(z.tuple([z.number(), z.number()]));
export type Curve = readonly (readonly [share: number, loss: number])[];

/** Parts that a budget is cut into: enough to compare curves, and few bytes in a journal of 10,000 runs. */
export const curveParts = 20;

/** One point for each finished part of the budget that has losses: the mean of them, to four digits. */
export function thinCurve(points: Curve): Curve {
  const parts = new Map<number, { sum: number; count: number }>();
  for (const [share, loss] of points) {
    const part = Math.min(curveParts, Math.max(1, Math.ceil(share * curveParts)));
    const { sum, count } = parts.get(part) ?? { sum: 0, count: 0 };
    parts.set(part, { sum: sum + loss, count: count + 1 });
  }
  const reached = points.at(-1)?.[0] ?? 0;
  return [...parts]
    .sort(([a], [b]) => a - b)
    .filter(([part]) => part / curveParts <= reached + 0.02)
    .map(([part, { sum, count }]) => [part / curveParts, Number((sum / count).toPrecision(4))] as const);
}

/** The loss at a share of the budget: interpolated between two points, that of the nearest point beyond the ends. */
export function lossAt(curve: Curve, share: number): number | undefined {
  const after = curve.findIndex(([at]) => at >= share);
  const next = curve[after];
  const before = after === -1 ? curve.at(-1) : curve[after - 1];
  if (next === undefined || before === undefined) return (next ?? before)?.[1];
  const way = (share - before[0]) / (next[0] - before[0]);
  return before[1] + way * (next[1] - before[1]);
}
