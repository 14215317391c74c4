/**
 * How far a study is from the ends that its stop rules set: what is used of each, and what is left.
 */
import { ideasOf, liveHours } from '../decide/stopping.ts';
import type { History } from '../journal/history.ts';
import type { Moment } from '../journal/live-time.ts';

export interface StopRule {
  /** As the brief writes it. */
  readonly rule: 'experiments' | 'hours' | 'plateau' | 'usd' | 'tokens' | 'gpu_hours';
  readonly used: number;
  readonly max: number;
}

/** The rules of the study that have an amount, as of now. */
export function stopRulesOf(history: History, now: Moment): StopRule[] {
  const { stop } = history.session;
  const used: Readonly<Record<StopRule['rule'], number>> = {
    experiments: ideasOf(history),
    hours: liveHours(history, now),
    plateau: history.sinceKeep,
    usd: history.spent.usd,
    tokens: history.spent.tokens,
    gpu_hours: history.gpuSeconds / 3600,
  };
  return ruleNames.flatMap((rule) => {
    const max = stop[rule];
    return max === undefined ? [] : [{ rule, used: used[rule], max }];
  });
}

const ruleNames = ['experiments', 'hours', 'plateau', 'usd', 'tokens', 'gpu_hours'] as const;
