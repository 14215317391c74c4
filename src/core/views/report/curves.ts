/**
 * Loss curves of the baseline and of the latest keeps, thinned to what a figure can show.
 */
import type { History } from '../../journal/history.ts';
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

const mostKeeps = 5;
const mostPoints = 150;

/** The experiments whose curves a report shows. */
export function experimentsWithCurves(history: History): number[] {
  const keeps = history.experiments.filter(({ experiment, kept }) => experiment > 0 && kept !== undefined);
  return [0, ...keeps.slice(-mostKeeps).map(({ experiment }) => experiment)];
}

/** Undefined while there is no curve of two points; curves over steps do not mix with curves over time. */
export function curvesOf(history: History, { curveOf }: Attachments): Curves | undefined {
  const found = experimentsWithCurves(history).flatMap((experiment) => {
    const curve = curveOf(experiment);
    if (!curve || curve.points.length < 2) return [];
    const title = experiment === 0 ? 'baseline' : (history.experiments[experiment]?.proposal?.title ?? '');
    return [{ unit: curve.unit, experiment, title, points: thin(curve.points) }];
  });
  const unit = found.some((curve) => curve.unit === 'share') ? 'share' : 'step';
  const curves = found.filter((curve) => curve.unit === unit).map(({ unit: _, ...curve }) => curve);
  return curves.length === 0 ? undefined : { unit, curves };
}

/** So many of the points, evenly spaced, with the first and the last. */
function thin(points: readonly CurvePoint[]): CurvePoint[] {
  if (points.length <= mostPoints) return [...points];
  return Array.from(
    { length: mostPoints },
    (_, index) => points[Math.round((index * (points.length - 1)) / (mostPoints - 1))],
  ).filter((point) => point !== undefined);
}
