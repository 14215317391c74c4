/**
 * The sentences that the report says in every rendering, so that Markdown and HTML cannot tell different stories.
 */
import { countText, formatDifference, formatDuration, formatMetric } from '../core/base/format.ts';
import type { Expense } from '../core/views/report/expense.ts';
import type { Headline, Result } from '../core/views/report/headline.ts';
import type { NoiseFigures } from '../core/views/report/noise-figures.ts';
import type { Report } from '../core/views/report/report.ts';

/** Such as `better by 0.0335 (1.2 %), 95 % interval 0.021 to 0.046, not confirmed`. */
export function gainSentence({ gain, share, interval, experiment }: Result, isConfirmed: boolean): string {
  if (experiment === 0) return 'nothing beat the baseline yet';
  const percent = share === null ? '' : ` (${percentText(share)})`;
  const between = interval
    ? `, 95 % interval ${formatDifference(interval[0])} to ${formatDifference(interval[1])}`
    : '';
  return `better by ${formatDifference(gain)}${percent}${between}, ${isConfirmed ? 'on the runs it was selected on' : 'not confirmed'}`;
}

/** Such as `1.2 %`. */
export function percentText(share: number): string {
  const percent = Math.abs(share) * 100;
  return `${percent >= 10 ? percent.toFixed(0) : percent.toPrecision(2)} %`;
}

/** Such as `40 experiments: 5 kept, 33 reverted, 2 failed.` */
export function countsSentence({ experiments, kept, reverted, failed }: Headline): string {
  return `${countText(experiments, 'experiment')}: ${kept} kept, ${reverted} reverted, ${failed} failed.`;
}

/** Why it ended, or that it did not. */
export function endSentence({ stop, state }: Headline): string {
  if (stop) return `It stopped (${stop.reason}): ${stop.detail.replace(/\.$/, '')}.`;
  return state === 'running' ? 'It is still running.' : 'It was interrupted and can go on.';
}

/** How much a run moves with its seed. */
export function noiseSentence({ noise, repeated }: NoiseFigures): string {
  if (!noise) return 'No candidate ran twice, so the noise is not known.';
  const freedom = `${countText(noise.degreesOfFreedom, 'degree')} of freedom`;
  return `One run moves by ${formatMetric(noise.sigma)} (standard deviation, ${freedom}) when only the seed changes; measured on ${countText(repeated, 'candidate')} that ran more than once.`;
}

/** Why there is nothing to compare with. */
export function noBaselineSentence({ attempts: [baseline] }: Pick<Report, 'attempts'>): string {
  if (baseline?.status !== 'failed') return 'The baseline has not been measured yet.';
  return `The baseline has no score: ${baseline.reason}.`;
}

/** Runs, hours and what the thinking cost. */
export function expenseSentence({ runs, runSeconds, liveSeconds, models, isAgent }: Expense): string {
  const unknown = isAgent ? 'what the coding agent spent is not known here' : 'no model calls';
  const thinking = models === undefined ? unknown : `model calls: ${models}`;
  return `${countText(runs, 'run')}, ${formatDuration(runSeconds)} of training and scoring in ${formatDuration(liveSeconds)} of live time, ${thinking}.`;
}
