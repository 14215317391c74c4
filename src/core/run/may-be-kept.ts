/**
 * Whether a score is near enough to the incumbent's that a policy might keep it. It is generous: a wrong yes costs a look at
 * the data, a wrong no would leave one out.
 */
import { experimentOf, type History, valuesOf } from '../journal/history.ts';
import { mean } from '../statistics/moments.ts';

/** Ranges of the baseline's own runs by which a score may be worse than the incumbent's mean. */
const margin = 2;

/** True for a candidate's score that is not far worse than the incumbent's; the baseline has nothing to be kept against. */
export function mayBeKept(history: History, experiment: number, value: number): boolean {
  if (experiment === 0) return false;
  const incumbent = valuesOf(experimentOf(history, history.incumbent));
  const baseline = valuesOf(experimentOf(history, 0));
  if (incumbent.length === 0 || baseline.length < 2) return true;
  const range = Math.max(...baseline) - Math.min(...baseline);
  const worse = history.frozen.metric.goal === 'minimize' ? value - mean(incumbent) : mean(incumbent) - value;
  return !(worse > margin * range);
}
