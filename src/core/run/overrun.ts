/**
 * Whether a training took longer than its budget allows: by processor time that the system counted and by when its lines of
 * progress came, never by what the script says of itself.
 */
import { formatDuration } from '../base/format.ts';
import type { RunConditions } from '../journal/conditions.ts';
import type { RunResult } from '../journal/run.ts';
import { type Allowance, type LinesAllowance, lastStepSeconds, speedOf } from './budget-allowance.ts';

/** What a training took on the budget's clock. */
export interface Trained extends Pick<RunResult, 'progressSeconds'> {
  readonly seconds: number;
  readonly metrics: Readonly<Record<string, number>>;
  readonly conditions: RunConditions | undefined;
}

/** A script that finds the machine slower than the supervisor does may be right by this much: it works on other data. */
const speedTolerance = 0.1;

/** Why a training is too long, and by how many seconds on the budget's clock. */
export interface Overrun {
  readonly reason: string;
  readonly excessSeconds: number;
}

/** Why it is too long; undefined when it is not. */
export function overrunOf(trained: Trained, allowance: Allowance): Overrun | undefined {
  const { clock, maxSeconds, lines } = allowance;
  const speed = believedSpeed(trained, allowance);
  const kind = clock === 'cpu' ? ' of CPU time' : '';
  const tooLong = (seconds: number, max: number, where: string): Overrun => ({
    reason: `trained beyond its budget: ${formatDuration(seconds)}${kind}${where}, at most ${formatDuration(max)} are allowed`,
    excessSeconds: seconds - max,
  });
  if (maxSeconds !== undefined && trained.seconds > maxSeconds / speed)
    return tooLong(trained.seconds, maxSeconds / speed, '');
  if (!lines) return undefined;
  const counted = countedSeconds(trained, lines, speed);
  const most = (lines.maxSeconds + lastStepSeconds(clock, trained.seconds, trained.metrics)) / speed;
  return counted > most ? tooLong(counted, most, ' without its start and end') : undefined;
}

/** Of a training without lines of progress, nothing but the longest start is left out. */
function countedSeconds({ seconds, progressSeconds }: Trained, lines: LinesAllowance, speed: number): number {
  const { first = seconds, last = seconds } = progressSeconds ?? {};
  const start = Math.min(first, lines.startSeconds / speed);
  const end = Math.min(Math.max(0, seconds - last), lines.endSeconds / speed);
  return seconds - start - end;
}

/** The speed that the script reports, as far as the supervisor's own measure of the machine bears it out. */
export function believedSpeed(
  { metrics, conditions }: Pick<Trained, 'metrics' | 'conditions'>,
  { clock, speed }: Allowance,
): number {
  const reported = speedOf(clock, metrics);
  const { workMicros } = conditions ?? {};
  if (!speed?.workMicros || !workMicros) return reported;
  const measured = speed.lowest * Math.min(1, speed.workMicros / workMicros);
  return Math.max(reported, measured - speedTolerance);
}
