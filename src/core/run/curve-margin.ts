/**
 * How far a run's loss lies beyond the incumbent's own curve, at the same share of the budget.
 *
 * The unit is what the incumbent itself still gained from there on: at 1, a run would have to fall twice as far as the
 * incumbent did, in the same time, to end where it ended. Figures: docs/early-kill.md.
 */
import { type Curve, lossAt } from '../journal/curve.ts';
import { mean } from '../statistics/moments.ts';

/** Curves of the incumbent's own runs. */
export interface Reference {
  readonly curves: readonly Curve[];
  /** How much one point moves by chance: the pooled spread of neighbouring points around their line. */
  readonly jitter: number;
}

/** Shares of the budget between which a curve is compared: before, curves cross; after, little time is left to save. */
const compared = { from: 0.1, until: 0.7 } as const;
/** A loss counts as higher when it lies this many times the jitter above. */
const jitterFactor = 3;
/** Points that a curve of the incumbent needs. */
const minPoints = 10;

/** What the incumbent's runs have to compare with; undefined when no whole curve is among them. */
export function referenceOf(curves: readonly Curve[]): Reference | undefined {
  const whole = curves.filter((curve) => curve.length >= minPoints && (curve.at(-1)?.[0] ?? 0) >= 0.9);
  if (whole.length === 0) return undefined;
  const bends = whole.flatMap((curve) => curve.slice(Math.floor(curve.length / 2)).flatMap(bendAt));
  const square = bends.reduce((sum, bend) => sum + bend * bend, 0) / Math.max(1, bends.length);
  // A bend is a point less half of its two neighbours: it varies 1.5 times as much as a point.
  return { curves: whole, jitter: Math.sqrt(square / 1.5) };
}

function bendAt([, loss]: readonly [number, number], index: number, all: Curve): number[] {
  const before = all[index - 1];
  const after = all[index + 1];
  return before && after ? [loss - (before[1] + after[1]) / 2] : [];
}

/** The share at which the excess was first beyond a margin, twice in a row; undefined when it never was. */
export function firstBeyond(reference: Reference, curve: Curve, margin: number): number | undefined {
  let before = false;
  for (let length = 2; length <= curve.length; length++) {
    const isBeyond = excessAt(reference, curve.slice(0, length)) > margin;
    if (isBeyond && before) return curve[length - 1]?.[0];
    before = isBeyond;
  }
  return undefined;
}

/**
 * The excess at the last point of a curve, in units of what the incumbent still gained from there on; -1 for a run that
 * would reach the incumbent's end at its own latest pace.
 */
function excessAt({ curves, jitter }: Reference, curve: Curve): number {
  const [share, loss] = curve.at(-1) ?? [0, 0];
  if (share < compared.from || share > compared.until) return -1;
  const level = mean(curves.map((each) => lossAt(each, share) ?? 0));
  const end = mean(curves.map((each) => lossAt(each, 1) ?? 0));
  const earlier = share * 0.75;
  const pace = Math.max(0, ((lossAt(curve, earlier) ?? loss) - loss) / (share - earlier));
  if (loss - pace * (1 - share) <= end) return -1;
  const stillGained = Math.max(level - end, jitter);
  return stillGained > 0 ? (loss - level - jitterFactor * jitter) / stillGained : -1;
}
