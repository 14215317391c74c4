/**
 * `nocturne status` for people.
 */
import { countText, formatDuration, formatMetric } from '../../core/base/format.ts';
import { gainText } from '../../core/views/confirmation-text.ts';
import type { ConfirmedStatus } from '../../core/views/confirmed-status.ts';
import { gainFigures, type LastingGain } from '../../core/views/lasting-gain.ts';
import { spendingText } from '../../core/views/spending.ts';
import type { Status } from '../../core/views/status.ts';
import { coloursFor } from './colours.ts';

/** A few lines: state, baseline and best, counts, what was spent, why it stopped. */
export function statusText(status: Status): string {
  const { baseline, best, stop } = status;
  const sd = baseline?.sd == null ? '' : `, sd ${formatMetric(baseline.sd)}`;
  const interval = best?.ci95 ? `, 95 % interval ${best.ci95.map(formatMetric).join(' to ')}` : '';
  const lines = [
    `${coloursFor(process.stdout).bold(status.tag)}: ${status.state}`,
    baseline
      ? `baseline  ${status.metric} ${formatMetric(baseline.mean)} (${countText(baseline.n, 'run')}${sd})`
      : `baseline  ${status.baselineFailure === null ? 'not measured yet' : `failed: ${status.baselineFailure}`}`,
    best
      ? `best      ${status.metric} ${formatMetric(best.mean)} (${best.experiment === 0 ? 'the baseline' : `experiment ${best.experiment}`}, ${countText(best.n, 'run')}${interval})`
      : '',
    `tried     ${countText(status.experiments, 'experiment')}: ${status.kept} kept, ${status.reverted} reverted, ${status.failed} failed`,
    `spent     ${spentParts(status).join(', ')}`,
    `isolation ${status.isolation}`,
    ...confirmedLines(status),
    status.lasting ? lastingLine(status.lasting) : '',
    stop ? `stopped   ${stop.reason}: ${stop.detail}` : '',
  ];
  return [...lines.filter(Boolean), ...armLines(status.arms)].join('\n');
}

/** A table of the arms, for a study that mixed them. */
function armLines(arms: Status['arms']): string[] {
  if (arms.length === 0) return [];
  const header = `${'arm'.padEnd(14)}${'tried'.padStart(7)}${'kept'.padStart(7)}${'gain'.padStart(11)}${'trained'.padStart(12)}${'gain/h'.padStart(11)}`;
  const lines = arms.map(({ arm, tried, kept, gain, gpuSeconds, gainPerGpuHour }) =>
    [
      arm.padEnd(14),
      String(tried).padStart(7),
      String(kept).padStart(7),
      formatMetric(gain).padStart(11),
      formatDuration(gpuSeconds).padStart(12),
      (gainPerGpuHour === null ? '' : formatMetric(gainPerGpuHour)).padStart(11),
    ].join(''),
  );
  return ['', coloursFor(process.stdout).dim(header), ...lines];
}

function confirmedLines({ confirmed, gauge }: Status): string[] {
  const { yellow } = coloursFor(process.stdout);
  const warning = gauge?.warning === undefined ? [] : [yellow(`warning   ${gauge.warning}`)];
  if (!confirmed) return warning;
  return [confirmedLine(confirmed), ...warning];
}

function lastingLine({ experiment, longerSeconds, longer, verdict }: LastingGain): string {
  return `lasting   experiment ${experiment} at ${formatDuration(longerSeconds)}: gain ${gainFigures(longer)} (± is half a 95 % interval): ${verdict}`;
}

/** The latest confirmation in one line. */
export function confirmedLine({ experiment, split, isShown, comparison }: ConfirmedStatus): string {
  const word = isShown ? 'confirmed' : 'not confirmed:';
  return `${word} experiment ${experiment} on ${split}: ${comparison ? gainText(comparison) : 'no score'}`;
}

function spentParts({ runs, spent }: Status): string[] {
  const models = spendingText(spent);
  return [
    countText(runs, 'run'),
    `${formatDuration(spent.hours * 3600)} live`,
    ...(models === undefined ? [] : [models]),
  ];
}
