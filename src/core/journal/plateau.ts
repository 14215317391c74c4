/**
 * When a study is on a plateau: one rule for the report, the prompts, the mix of researchers and the narrowed ranges.
 *
 * The owner's `stop.plateau`, which ends a study, is a setting of its own.
 */
import type { History } from './history.ts';

/**
 * Experiments without a keep that make a plateau. In 117 public studies by agents (8,654 experiments) 34 % of
 * experiments were kept right after a keep, 12 % after 6 to 10 misses, 9 % after 11 to 15, and 7 % after 16 to 30. Half
 * of the studies never waited for more than 14. So 15 misses are out of the ordinary, and a few more tell nothing new.
 * Half of the longer studies made 13 % of their gain or more after such a wait, so it is a reason to try other changes,
 * not to stop. See docs/auto.md.
 */
const plateauAfter = 15;

/** Whether the last 15 experiments, failures included, brought no keep. */
export function isPlateau({ sinceKeep }: Pick<History, 'sinceKeep'>): boolean {
  return sinceKeep >= plateauAfter;
}
