/**
 * When stopping is right, by what a rule of so many misses in a row would have cost public studies.
 */
import table from '../../../data/evidence/plateau-rule.json' with { type: 'json' };
import { formatPercent } from '../../base/format.ts';

/** `go-on`, a plateau that warns, or a reason to stop. */
export type StopAdvice = 'go-on' | 'plateau' | 'stop';

/** Misses in a row that are a warning, and those before which stopping is not advised. */
export const warningMisses = 20;
export const stoppingMisses = 40;

/** The advice after so many misses in a row. */
export function stopAdvice(misses: number): StopAdvice {
  if (misses >= stoppingMisses) return 'stop';
  return misses >= warningMisses ? 'plateau' : 'go-on';
}

/** What a rule cost that would have stopped a study after so many misses in a row. */
export interface RuleCost {
  readonly misses: number;
  readonly studies: number;
  readonly repositories: number;
  /** Share of the studies that it would have cost more than 5 % of their gain. */
  readonly losing: number;
}

/** The cost of the rule in the table that is nearest to so many misses, from below where there is one. */
export function ruleCost(misses: number): RuleCost {
  const rows = table.rows.filter(({ arm }) => arm === 'agent');
  const row = rows.findLast((each) => each.stop_after_so_many_misses <= misses) ?? rows[0];
  return {
    misses: row?.stop_after_so_many_misses ?? 0,
    studies: row?.studies ?? 0,
    repositories: row?.repos ?? 0,
    losing: row?.['studies_losing_over_5_%'] ?? 0,
  };
}

/** Such as `20 misses cost 30 % of 76 public studies (24 repositories, self-reported) more than 5 % of their gain`. */
export function ruleText({ misses, studies, repositories, losing }: RuleCost): string {
  return `a stop after ${misses} misses would have cost ${formatPercent(losing)} of ${studies} public studies (${repositories} repositories, self-reported) more than 5 % of their gain`;
}
