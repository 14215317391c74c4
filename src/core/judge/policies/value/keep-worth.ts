/**
 * What a keep is worth, where a fiction has a price and a near miss may yet be combined with others.
 *
 * A keep that is no gain costs nothing in score when it does nothing, and yet a night whose keeps are half fictions
 * cannot be read. So a keep pays for the chance that it is none, and one more likely luck than real is never made.
 */
import { at, grid } from './effects.ts';

/** Gain, in sigma, that a keep must exceed. */
export const keepMargin = 0.2;
/** What a keep that is no gain costs, in sigma; docs/judge.md has the trade behind it. */
export const priceOfFiction = 0.6;
/** Share of a near miss's gain that later combinations bring in: a keep must be worth more than that. */
const shareOfCombining = 0.6;
/** A keep must be more likely real than this. */
export const minChance = 0.5;

/** The worth of a keep, in sigma, by its mean gain and the chance that it is real. */
export function worthOfKeeping(gain: number, chance: number): number {
  return chance > minChance ? gain - keepMargin - priceOfFiction * (1 - chance) : 0;
}

/** The worth, in sigma, of not keeping it: `mayWait` when it may be combined with others later. */
export function worthOfWaiting(gain: number, mayWait: boolean): number {
  return mayWait ? shareOfCombining * Math.max(0, gain) : 0;
}

/** Whether the effects at this point of the grid are gains. */
export function isGain(point: number): boolean {
  return at(grid, point) < -1e-9;
}
