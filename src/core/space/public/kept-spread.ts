/**
 * How far from where it began a knob ended in public studies that kept a change of it: where a search does well to look first.
 */
import kept from '../../../data/evidence/kept-range.json' with { type: 'json' };
import type { Spread } from '../knob.ts';

/** Standard deviations between the middle and the tenth, or the ninetieth, percentile of a normal distribution. */
const deviations = 1.2816;
/** So that a knob which went one way in public is tried the other way too: by about a fifth. */
const narrowest = 0.2;

/** From the tenth to the ninetieth percentile of what was kept, about the present value; undefined where the table has no row. */
export function keptSpread(kind: string | undefined): Spread | undefined {
  const row = kept.rows.find(({ knob }) => knob === kind);
  return row && { down: sideOf(1 / row.p10), up: sideOf(row.p90) };
}

function sideOf(factor: number): number {
  return Math.max(narrowest, Math.log(factor) / deviations);
}
