/**
 * How much work a training did: a candidate with slower steps makes fewer of them.
 */
import { formatRounded } from '../base/format.ts';
import type { RunResult } from '../journal/run.ts';
import { readProgress } from '../run/progress.ts';

/** Characters at the end of a log in which the last progress line is looked for. */
const maxCharacters = 4000;

/** Such as `1203 steps (150/s)`; empty where the script counts no steps. The log's last progress line stands in for `num_steps`. */
export function stepsText({ measurement, conditions, trainSeconds, seconds }: RunResult, log: string): string {
  const steps = measurement?.metrics.num_steps ?? readProgress(log.slice(-maxCharacters))?.step ?? 0;
  if (steps <= 0) return '';
  const taken = trainSeconds ?? seconds;
  const rate = conditions?.stepsPerSecond ?? (taken > 0 ? steps / taken : 0);
  return `${formatRounded(steps, 12)} steps${rate > 0 ? ` (${formatRounded(rate, 3)}/s)` : ''}`;
}
