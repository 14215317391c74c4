/**
 * Signs that what experiments edit does not reach the score: files that no run read, and scores that never differ.
 */
import { formatAt } from '../base/format.ts';
import { experimentOf, type History, valuesOf } from './history.ts';
import { metricDecimals } from './metric-decimals.ts';

/** What the owner should know, one sentence each; none in a study whose edits change its scores. */
export function idleEditWarnings(history: History): readonly string[] {
  return [unreadWarning(history), equalScoresWarning(history)].filter((text) => text !== undefined);
}

/** Editable files that no process of the baseline read, where that is known; undefined when it read them all. */
export function unreadWarning(history: History): string | undefined {
  const runs = history.experiments[0]?.runs ?? [];
  const unread = runs.find(({ result }) => result?.measurement)?.result?.unread ?? [];
  if (unread.length === 0) return undefined;
  const [it, was] = unread.length === 1 ? ['it', 'was'] : ['them', 'were'];
  return `${unread.join(', ')} ${was} not read by the baseline: an edit of ${it} changes nothing unless the training comes to read ${it}.`;
}

/** Experiments that must agree with the baseline to the last digit, with none that differs, before it is said. */
export const agreeingExperiments = 2;

/** Undefined while any score differs from the others, or too few are there. */
export function equalScoresWarning(history: History): string | undefined {
  const [baseline, ...others] = history.experiments;
  const [score] = baseline ? valuesOf(baseline) : [];
  if (score === undefined) return undefined;
  const measured = others.filter((record) => valuesOf(record).length > 0);
  const isEqual = [experimentOf(history, 0), ...measured].every((record) =>
    valuesOf(record).every((value) => value === score),
  );
  if (!isEqual || measured.length < agreeingExperiments) return undefined;
  const names = measured.map(({ experiment }) => experiment);
  const which = names.length === 2 ? names.join(' and ') : `${names[0]} to ${names.at(-1)}`;
  return `Experiments ${which} measured exactly what the baseline did, ${formatAt(score, metricDecimals(history))}: does the edited code run, and does the metric depend on it?`;
}
