/**
 * What a study on a plateau suggests, from what was tried in it: other facts, other advice.
 */
import { statusOf } from '../journal/experiment-row.ts';
import type { ExperimentRecord, History } from '../journal/history.ts';
import type { Space } from '../space/knob.ts';
import { failurePhrase } from './failure.ts';
import { knobsSetBy } from './ledger-line.ts';
import { nearMissesOf } from './near-misses.ts';
import { oneLine } from './one-line.ts';
import { describeGrowth } from './source-growth.ts';

/** Experiments that count as lately. */
const lately = 15;
const maxNames = 8;

type Advice = (history: History, space: Space) => string | undefined;

const combineNearMisses: Advice = (history) => {
  const [first, second] = nearMissesOf(history).filter(({ gain }) => (gain ?? 0) > 0);
  return first && second
    ? `Combine #${first.experiment} and #${second.experiment}, which both measured better than their parent but not by enough; compare_experiments shows what each changed.`
    : undefined;
};

const mendFailure: Advice = (history) => {
  const failed = history.experiments.findLast((record) => statusOf(record) === 'failed');
  if (!failed) return undefined;
  const title = oneLine(failed.proposal?.title ?? '', 80);
  return `Mend #${failed.experiment} "${title}" (${failurePhrase(history, failed)}), whose idea was never measured: start_from ${failed.experiment}, and take out what made it fail.`;
};

const simplify: Advice = (history) => {
  const growth = describeGrowth(history);
  return growth === '' ? undefined : `Simplify. ${growth}`;
};

const changeKind: Advice = (history) => {
  const kinds = recent(history).flatMap(({ proposal }) => proposal?.kind ?? []);
  const knobs = kinds.filter((kind) => kind === 'knobs').length;
  if (kinds.length < lately / 2) return undefined;
  if (knobs > 0.8 * kinds.length)
    return `${knobs} of the last ${kinds.length} only set knobs: change code this time, such as the architecture, the optimiser, the objective or the order of the data.`;
  if (knobs < 0.2 * kinds.length)
    return `${kinds.length - knobs} of the last ${kinds.length} changed code: tune the knobs to the code that there is now, several at once.`;
  return undefined;
};

const turnUntouched: Advice = (history, space) => {
  const turned = new Set(history.experiments.flatMap(({ proposal }) => knobsSetBy(proposal).map(({ knob }) => knob)));
  const untouched = space.map(({ knob }) => knob.name).filter((name) => !turned.has(name));
  if (untouched.length === 0) return undefined;
  const named = untouched.slice(0, maxNames).join(', ');
  return `No proposal of knobs alone has ever turned ${named}${untouched.length > maxNames ? ` and ${untouched.length - maxNames} more` : ''}.`;
};

const leaveTurned: Advice = (history) => {
  const counts = new Map<string, number>();
  for (const record of recent(history)) {
    for (const { knob } of knobsSetBy(record.proposal)) counts.set(knob, (counts.get(knob) ?? 0) + 1);
  }
  const [most] = [...counts].sort(([, a], [, b]) => b - a);
  return most && most[1] >= lately / 3
    ? `${most[0]} was turned in ${most[1]} of the last ${lately} without a keep: leave it alone.`
    : undefined;
};

const advices: readonly Advice[] = [combineNearMisses, mendFailure, turnUntouched, changeKind, simplify, leaveTurned];

/**
 * At most three pieces of advice that fit what was tried, one a line. Which of them come first changes from experiment to
 * experiment, so that one plateau does not give the same proposal again and again.
 */
export function plateauGuidance(history: History, space: Space): string {
  const fitting = advices.flatMap((advise) => advise(history, space) ?? []);
  const first = fitting.length === 0 ? 0 : history.experiments.length % fitting.length;
  const turned = [...fitting.slice(first), ...fitting.slice(0, first)];
  return turned
    .slice(0, 3)
    .map((advice) => `- ${advice}`)
    .join('\n');
}

function recent({ experiments }: History): readonly ExperimentRecord[] {
  return experiments.slice(1).slice(-lately);
}
