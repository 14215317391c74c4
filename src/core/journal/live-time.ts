/**
 * How long a study was live and not paused by the owner, counted on its controllers' own clocks: one that is set meanwhile, by the owner or over the
 * network, neither ends a study nor gives it more time.
 */
import type { History } from './history.ts';

/** When live time is asked for: an ISO time, and the controller's own clock where the controller itself asks. */
export interface Moment {
  readonly at: string;
  readonly live?: number | undefined;
}

type Timed = Pick<History, 'sessionStartedAt' | 'sessionLive' | 'lastAt' | 'pausedSeconds' | 'pausedFrom'>;

/** Live seconds from the session's first entry to its last one, or to a later moment: without those of the owner's pauses. */
export function sessionSeconds(history: Timed, moment: Moment = { at: history.lastAt }): number {
  const { pausedFrom = Number.POSITIVE_INFINITY, pausedSeconds } = history;
  return Math.max(0, Math.min(secondsSinceStart(history, moment), pausedFrom) - pausedSeconds);
}

/** The same with the pauses. */
export function secondsSinceStart(history: Timed, moment: Moment = { at: history.lastAt }): number {
  const { sessionLive, sessionStartedAt, lastAt } = history;
  if (!sessionLive) return secondsBetween(sessionStartedAt, moment.at);
  if (moment.live !== undefined) return Math.max(0, moment.live - sessionLive.began);
  // Another process asks, which knows of the controller's clock what was journalled last.
  return Math.max(0, sessionLive.last - sessionLive.began) + secondsBetween(lastAt, moment.at);
}

/** From one ISO time to a later one; 0 where it is earlier. */
export function secondsBetween(from: string, to: string): number {
  return Math.max(0, (Date.parse(to) - Date.parse(from)) / 1000);
}
