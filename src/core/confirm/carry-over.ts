/**
 * Whether a gain is still there at a longer budget, from two confirmations of one experiment: one at the study's budget,
 * one at the longer. Both had fresh seeds, so neither gain was selected.
 *
 * Two tests at 95 % decide. Is the gain at the longer budget shown, that is, is its interval above zero? And is it shown to
 * be smaller, that is, is the interval of the difference of the two gains below zero? The difference has the standard error
 * sqrt(se^2 + se^2) and Welch-Satterthwaite's degrees of freedom, as the gains themselves do.
 */
import { formatDuration } from '../base/format.ts';
import type { CarryOver, Comparison, ConfirmedGain } from '../journal/confirmed-gain.ts';
import type { ConfirmationRecord, WholeHistory } from '../journal/held-out.ts';
import { countedRuns, experimentOf, type RunRecord } from '../journal/history.ts';
import { satterthwaite } from '../statistics/satterthwaite.ts';
import { studentQuantile } from '../statistics/student-t.ts';
import { ordinaryConfirmation } from './next-confirmation-step.ts';

/** A training that grew by less than this share of what its budget grew by did not follow the budget. */
const minGrowth = 0.1;

/** What a confirmation at a longer budget says of the gain, given what it found. */
export function judgeCarryOver(whole: WholeHistory, record: ConfirmationRecord, longer: ConfirmedGain): CarryOver {
  const ordinary = ordinaryConfirmation(whole.heldOut, record.experiment, record.split);
  const against = ordinary ? { against: ordinary.confirmation } : {};
  const ignored = ignoresBudget(whole, record);
  if (ignored !== undefined) return { verdict: 'cannot tell', reason: ignored, ...against };
  return { ...compareGains(ordinary?.gain?.comparison, longer.comparison), ...against };
}

/** The verdict on the gain at the study's budget and the gain at a longer one; undefined is a gain without any score. */
export function compareGains(
  study: Comparison | undefined,
  longer: Comparison | undefined,
): Pick<CarryOver, 'verdict' | 'reason' | 'difference'> {
  if (!study || !longer) return cannotTell('one side gave no score');
  const difference = differenceOf(study, longer);
  if (!longer.interval || !difference) return cannotTell('there is no error bar: too few scores, or no spread');
  const [low, high] = longer.interval;
  const isShown = low > 0;
  const isSmaller = difference.interval[1] < 0;
  if (isShown && !isSmaller)
    return { verdict: 'carries over', reason: 'it is above zero there, and not clearly smaller', difference };
  if (isShown) return { verdict: 'partly', reason: 'it is above zero there, and clearly smaller', difference };
  if (high < 0) return { verdict: 'gone', reason: 'these runs show a loss there', difference };
  if (isSmaller) {
    return { verdict: 'gone', reason: 'no gain is shown there, and it is shown to be smaller', difference };
  }
  return { ...cannotTell('no gain is shown there, and it is not shown to be smaller: more runs may tell'), difference };
}

function cannotTell(reason: string): { verdict: 'cannot tell'; reason: string } {
  return { verdict: 'cannot tell', reason };
}

function differenceOf(study: Comparison, longer: Comparison): CarryOver['difference'] {
  const { standardError: first = Number.NaN, degreesOfFreedom: firstFreedom = Number.NaN } = study;
  const { standardError: second = Number.NaN, degreesOfFreedom: secondFreedom = Number.NaN } = longer;
  const squared = first ** 2 + second ** 2;
  if (!(squared > 0)) return undefined;
  const freedom = satterthwaite([
    { variance: first ** 2, degreesOfFreedom: firstFreedom },
    { variance: second ** 2, degreesOfFreedom: secondFreedom },
  ]);
  const half = studentQuantile(0.975, freedom) * Math.sqrt(squared);
  const value = longer.gain - study.gain;
  return { value, interval: [value - half, value + half] };
}

/** Why the runs say nothing of a longer budget: the script trained as long as ever. Undefined when it trained longer. */
function ignoresBudget(
  { history }: WholeHistory,
  { contenders, budgetSeconds }: ConfirmationRecord,
): string | undefined {
  const { budgetSeconds: studySeconds } = history.frozen;
  const before = medianSeconds(countedRuns(experimentOf(history, 0)));
  const after = medianSeconds(contenders.flatMap(countedRuns));
  if (before === undefined || after === undefined || budgetSeconds === undefined) return undefined;
  if (after - before >= minGrowth * (budgetSeconds - studySeconds)) return undefined;
  const [first, second] = [formatDuration(before), formatDuration(after)];
  return `the script does not follow its budget: it trained ${first} at the study's, and ${second} at the longer`;
}

function medianSeconds(runs: readonly RunRecord[]): number | undefined {
  const seconds = runs
    .flatMap(({ result }) => (result?.measurement ? (result.trainSeconds ?? []) : []))
    .sort((a, b) => a - b);
  return seconds[Math.floor(seconds.length / 2)];
}
