/**
 * How many proposals are thought of before a slot is free for them.
 *
 * Each is made without what the runs in flight will show, so no more are than keep the slots busy: the share of a run that
 * thinking takes, for each slot.
 */
import { mean } from '../statistics/moments.ts';

/** What is known of how long things take here. */
export interface Pace {
  readonly slots: number;
  /** Whether a model or an agent is asked; a search answers at once. */
  readonly asksModel: boolean;
  /** Seconds that each of the latest answers took, in this session. */
  readonly thought: readonly number[];
  /** Seconds of the incumbent's runs. */
  readonly runs: readonly number[];
}

/** With one slot, a model that answers within this, in seconds, or within this share of a run, is waited for. */
const minThought = 2;
const minShare = 0.05;

/** The number; `auto` follows the pace, and is 0 with one slot until thinking is known to cost something. */
export function aheadOf(ahead: number | 'auto', { slots, asksModel, thought, runs }: Pace): number {
  if (ahead !== 'auto') return ahead;
  if (!asksModel) return slots > 1 ? 1 : 0;
  const isKnown = thought.length > 0 && runs.length > 0;
  if (!isKnown) return slots > 1 ? slots : 0;
  const share = mean(thought) / Math.max(mean(runs), Number.MIN_VALUE);
  if (slots === 1 && (mean(thought) < minThought || share < minShare)) return 0;
  return Math.max(1, Math.min(2 * slots, Math.ceil(slots * share)));
}
