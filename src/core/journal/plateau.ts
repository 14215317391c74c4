/**
 * When a study is on a plateau: one rule for the prompts, the mix of researchers and the narrowed ranges, which then turn to
 * something else.
 *
 * The owner is warned later, and advised to stop later still (views/forecast/stop-advice.ts). `stop.plateau`, which ends a
 * study, is a setting of its own.
 */

/**
 * Experiments without a keep that make a plateau. In 117 public studies by agents (8,654 experiments) 34 % of
 * experiments were kept right after a keep, 12 % after 6 to 10 misses, 9 % after 11 to 15, and 7 % after 16 to 30. Half
 * of the studies never waited for more than 14. So 15 misses are out of the ordinary, and a few more tell nothing new.
 * Half of the longer studies made 13 % of their gain or more after such a wait, so it is a reason to try other changes,
 * not to stop. See docs/auto.md.
 */
const plateauAfter = 15;

/** What is looked at. */
export interface Lately {
  readonly sinceKeep: number;
  /** Experiments without a verdict: a keep may be among them. */
  readonly unsettled?: readonly number[];
}

/** Whether the last 15 experiments that have a verdict, failures included, brought no keep. */
export function isPlateau({ sinceKeep, unsettled = [] }: Lately): boolean {
  return sinceKeep - unsettled.length >= plateauAfter;
}
