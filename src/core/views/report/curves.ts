/**
 * Loss curves of the baseline and of the latest 5 keeps, thinned to at most 150 points each.
 */
import { type History, keptInOrder } from '../../journal/history.ts';
import type { Attachments, Curve, CurvePoint } from './attachments.ts';

export interface NamedCurve {
  readonly experiment: number;
  readonly title: string;
  readonly points: readonly CurvePoint[];
}

export interface Curves {
  readonly unit: Curve['unit'];
  /** The baseline first, then the keeps, oldest first. */
  readonly curves: readonly NamedCurve[];
}

/** Keeps whose curve is shown, beside the baseline's. */
const maxKeeps = 5;
/** Points of one curve. */
const maxPoints = 150;

/** The experiments whose curves a report shows. */
export function experimentsWithCurves(history: History): number[] {
  const keeps = keptInOrder(history).filter(({ experiment }) => experiment > 0);
  return [0, ...keeps.slice(-maxKeeps).map(({ experiment }) => experiment)];
}

/**
 * The curves; undefined while none has two points. Curves over steps are left out where one is over the budget's share.
 */
export function curvesOf(history: History, { curveOf }: Attachments): Curves | undefined {
  const found = experimentsWithCurves(history).flatMap((experiment) => {
    const curve = curveOf(experiment);
    if (!curve || curve.points.length < 2) return [];
    const title = experiment === 0 ? 'baseline' : (history.experiments[experiment]?.proposal?.title ?? '');
    return [{ unit: curve.unit, experiment, title, points: thinned(curve.points) }];
  });
  return sameUnit(found);
}

/** Those over the budget's share where there is one, else those over steps; undefined of none. */
export function sameUnit(found: readonly (NamedCurve & Pick<Curve, 'unit'>)[]): Curves | undefined {
  const unit = found.some((curve) => curve.unit === 'share') ? 'share' : 'step';
  const curves = found.filter((curve) => curve.unit === unit).map(({ unit: _, ...curve }) => curve);
  return curves.length === 0 ? undefined : { unit, curves };
}

/** At most 150 of the points, evenly spaced, with the first and the last. */
export function thinned(points: readonly CurvePoint[]): CurvePoint[] {
  if (points.length <= maxPoints) return [...points];
  return Array.from(
    { length: maxPoints },
    (_, index) => points[Math.round((index * (points.length - 1)) / (maxPoints - 1))],
  ).filter((point) => point !== undefined);
}
