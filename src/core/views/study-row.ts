/**
 * A study among the others of its brief.
 */
import { gainOver } from '../base/metric.ts';
import type { WholeHistory } from '../journal/held-out.ts';
import { type Status, statusOfStudy } from './status.ts';

/** The figures of its status by which studies are compared. */
export interface StudyRow
  extends Pick<
    Status,
    'tag' | 'state' | 'metric' | 'goal' | 'decimals' | 'baseline' | 'best' | 'experiments' | 'kept'
  > {
  /** The best's mean over the baseline's, positive is better; null until both are known. */
  readonly gain: number | null;
  /** ISO times of its first and its last journal entry. */
  readonly startedAt: string;
  readonly lastAt: string;
}

/** The row as of `now`; `isLive` tells whether a controller works on the study. */
export function studyRow(whole: WholeHistory, now: string, isLive: boolean): StudyRow {
  const { history } = whole;
  const { tag, state, metric, goal, decimals, baseline, best, experiments, kept } = statusOfStudy(whole, now, isLive);
  return {
    ...{ tag, state, metric, goal, decimals, baseline, best, experiments, kept },
    gain: baseline && best ? gainOver(goal, baseline.mean, best.mean) : null,
    startedAt: history.startedAt,
    lastAt: history.lastAt,
  };
}
