/**
 * What the trees of an experiment's runs are still needed for, weights included.
 */
import { nextGaugeStep } from '../confirm/next-gauge-step.ts';
import type { WholeHistory } from '../journal/held-out.ts';
import { type ExperimentRecord, type History, keptInOrder } from '../journal/history.ts';

/**
 * - `open`: it has no final verdict, so a session that goes on needs them.
 * - `best`: what the study has come to, and will have once what the owner wants out is taken out.
 * - `ungraded`: a keep that the overfitting gauge has yet to grade.
 * - `keep`: a keep before the best; nothing needs them but whoever wants its weights.
 * - `nothing`: it was not kept.
 */
export type TreesNeed = 'open' | 'best' | 'ungraded' | 'keep' | 'nothing';

/** The need of this experiment's trees. */
export function treesNeedOf(whole: WholeHistory, { experiment, kept }: ExperimentRecord): TreesNeed {
  const { history } = whole;
  if (history.unsettled.includes(experiment)) return 'open';
  if (experiment === history.incumbent) return 'best';
  if (kept === undefined) return 'nothing';
  if (experiment === bestThatStays(history)) return 'best';
  return nextGaugeStep(whole).kind === 'score-holdout' ? 'ungraded' : 'keep';
}

/** The keep before the first that is to be taken out; undefined where none is. */
function bestThatStays(history: History): number | undefined {
  const line = keptInOrder(history).map(({ experiment }) => experiment);
  return line[line.findIndex((experiment) => history.toWithdraw.includes(experiment)) - 1];
}
