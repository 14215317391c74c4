/**
 * The curves of the runs in flight beside that of the incumbent.
 */
import type { LiveRun } from './live-run.ts';
import type { Curve } from './report/attachments.ts';
import { type Curves, sameUnit, thinned } from './report/curves.ts';

/** Runs whose curve is shown: a figure tells six lines apart. */
const maxRuns = 5;

/** A curve of a figure, with whose it is. */
export interface OwnedCurve {
  readonly experiment: number;
  readonly title: string;
  readonly curve: Curve | undefined;
}

/** The curves, the incumbent's first; undefined while none has two points. */
export function curvesBeside(incumbent: OwnedCurve, runs: readonly LiveRun[]): Curves | undefined {
  const own = runs.slice(0, maxRuns).map(({ experiment, run, title, curve }) => ({
    experiment,
    title: run > 1 || experiment === 0 ? `${title}, run ${run}` : title,
    curve,
  }));
  return curvesFrom([incumbent, ...own]);
}

/** These curves in one figure, each thinned; undefined while none has two points. */
export function curvesFrom(owned: readonly OwnedCurve[]): Curves | undefined {
  const found = owned.flatMap(({ curve, experiment, title }) =>
    curve && curve.points.length > 1 ? [{ unit: curve.unit, experiment, title, points: thinned(curve.points) }] : [],
  );
  return sameUnit(found);
}
