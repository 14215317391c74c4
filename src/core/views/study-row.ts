/**
 * A study among the others of its brief.
 */
import type { WholeHistory } from '../journal/held-out.ts';
import { pooledNoise } from '../journal/noise.ts';
import { resultOf } from './report/headline.ts';
import { figuresOfStudy, type Status } from './status.ts';

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
export function studyRow(
  whole: WholeHistory,
  now: string,
  isLive: boolean,
  roomAwaited?: Status['roomAwaited'],
): StudyRow {
  const { history } = whole;
  const noise = pooledNoise(history);
  const figures = figuresOfStudy(whole, now, isLive, noise, roomAwaited);
  const { tag, state, metric, goal, decimals, baseline, best, experiments, kept } = figures;
  return {
    ...{ tag, state, metric, goal, decimals, baseline, best, experiments, kept },
    gain: resultOf(figures, noise)?.gain ?? null,
    startedAt: history.startedAt,
    lastAt: history.lastAt,
  };
}
