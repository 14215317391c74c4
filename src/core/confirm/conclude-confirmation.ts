/**
 * What a confirmation found, from the runs of its contenders.
 */
import { ok } from '../base/errors.ts';
import type { Goal } from '../base/metric.ts';
import type { ConfirmedGain } from '../journal/confirmed-gain.ts';
import type { ConfirmationRecord } from '../journal/held-out.ts';
import { compareContenders, summariseContender } from './compare-contenders.ts';
import { scoresOf } from './planned-runs.ts';

/** The figures of a confirmation all of whose runs have ended. */
export function concludeConfirmation(goal: Goal, { contenders }: ConfirmationRecord): ConfirmedGain {
  const scoresOfContender = (name: string) => {
    const contender = contenders.find((candidate) => candidate.contender === name);
    ok(contender !== undefined, `a confirmation has a contender ${name}`);
    return scoresOf(contender);
  };
  const baseline = scoresOfContender('baseline');
  const final = scoresOfContender('final');
  const comparison = compareContenders(goal, baseline, final);
  return {
    baseline: summariseContender(baseline),
    final: summariseContender(final),
    ...(comparison ? { comparison } : {}),
    steps: contenders.flatMap((contender) => {
      if (contender.without === undefined) return [];
      const scores = scoresOf(contender);
      const worth = compareContenders(goal, scores, final);
      return [
        {
          experiment: contender.without,
          without: summariseContender(scores),
          ...(worth === undefined ? {} : { comparison: worth }),
        },
      ];
    }),
  };
}
