/**
 * `nocturne status` for people.
 */
import pc from 'picocolors';
import { formatDuration, formatMetric } from '../../core/format.ts';
import type { Status } from '../../core/views/status.ts';

/** A few lines: state, baseline and best, counts, what was spent, why it stopped. */
export function statusText(status: Status): string {
  const { baseline, best, stop } = status;
  const sd = baseline?.sd == null ? '' : `, sd ${formatMetric(baseline.sd)}`;
  const interval = best?.ci95 ? `, 95 % interval ${best.ci95.map(formatMetric).join(' to ')}` : '';
  const lines = [
    `${pc.bold(status.tag)}: ${status.state}`,
    baseline
      ? `baseline  ${status.metric} ${formatMetric(baseline.mean)} (${baseline.n} runs${sd})`
      : 'baseline  not measured yet',
    best
      ? `best      ${status.metric} ${formatMetric(best.mean)} (experiment ${best.experiment}, ${best.n} runs${interval})`
      : '',
    `tried     ${status.experiments} experiments: ${status.kept} kept, ${status.reverted} reverted, ${status.failed} failed`,
    `spent     ${status.runs} runs, ${formatDuration(status.spent.hours * 3600)} live`,
    `isolation ${status.isolation}`,
    stop ? `stopped   ${stop.reason}: ${stop.detail}` : '',
  ];
  return lines.filter(Boolean).join('\n');
}
