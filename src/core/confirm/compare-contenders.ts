/**
 * Compares fresh runs of two contenders, made in turn: the figures that a confirmation claims.
 */

import { type Goal, gainOver } from '../base/metric.ts';
import type { Comparison, ContenderSummary } from '../journal/confirmed-gain.ts';
import { mean, standardDeviation } from '../statistics/moments.ts';
import { signFlipP } from '../statistics/sign-flip.ts';
import { welch } from '../statistics/welch.ts';

/** The scores of a contender in the order of its runs; undefined where one gave none. */
export type ContenderScores = readonly (number | undefined)[];

/** How much better `contender` is than `reference`; undefined when one of them has no score at all. */
export function compareContenders(
  goal: Goal,
  reference: ContenderScores,
  contender: ContenderScores,
): Comparison | undefined {
  const [before, after] = [reference.filter(isNumber), contender.filter(isNumber)];
  if (before.length === 0 || after.length === 0) return undefined;
  const gains = pairGains(goal, reference, contender);
  const counts = { better: gains.filter((gain) => gain > 0).length, pairs: gains.length };
  const error = goal === 'minimize' ? welch(before, after) : welch(after, before);
  if (!error) return { gain: gainOver(goal, mean(before), mean(after)), ...counts };
  const { difference, standardError, degreesOfFreedom, p } = error;
  const flip = signFlipP(gains);
  return {
    gain: difference,
    standardError,
    interval: [...error.interval],
    degreesOfFreedom,
    p,
    ...(flip === undefined ? {} : { signFlipP: flip }),
    ...counts,
  };
}

/** How many of a contender's runs have a score, and the mean and spread of their scores. */
export function summariseContender(scores: ContenderScores): ContenderSummary {
  const values = scores.filter(isNumber);
  return {
    n: values.length,
    failed: scores.length - values.length,
    ...(values.length === 0 ? {} : { mean: mean(values) }),
    ...(values.length < 2 ? {} : { sd: standardDeviation(values) }),
  };
}

/** The gain of each pair of runs with the same index, where both have a score. */
function pairGains(goal: Goal, reference: ContenderScores, contender: ContenderScores): number[] {
  return reference.flatMap((before, index) => {
    const after = contender[index];
    return before === undefined || after === undefined ? [] : [gainOver(goal, before, after)];
  });
}

function isNumber(value: number | undefined): value is number {
  return value !== undefined;
}
