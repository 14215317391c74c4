/**
 * A run in flight with what its log shows so far.
 */
import { plainText } from '../base/plain-text.ts';
import { type Progress, readProgress } from '../run/progress.ts';
import type { RunInFlight } from './in-flight.ts';
import type { Curve } from './report/attachments.ts';
import { readCurve } from './report/log-curve.ts';

export interface LiveRun extends RunInFlight {
  /** Its last line of progress; absent before the first. */
  readonly progress?: Progress;
  readonly curve?: Curve;
  /** The last lines of its log. */
  readonly log: readonly string[];
}

/** Lines of a log that are shown, and characters of one line. */
const maxLines = 12;
const maxCharacters = 300;

/** The run, with what the end of its training's log says. */
export function liveRun(run: RunInFlight, log: string): LiveRun {
  const progress = readProgress(log);
  const curve = readCurve(log);
  return { ...run, ...(progress && { progress }), ...(curve && { curve }), log: boundedLines(log, maxLines) };
}

/** The last lines of a log, each cut to what a page can show. */
export function boundedLines(log: string, count: number): string[] {
  const lines = plainText(log.slice(-count * 4000))
    .split('\n')
    .filter((line) => line.trim() !== '')
    .slice(-count);
  return lines.map((line) => (line.length > maxCharacters ? `${line.slice(0, maxCharacters)}…` : line));
}
