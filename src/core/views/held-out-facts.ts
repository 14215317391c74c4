/**
 * What was measured of one experiment on the holdout and in confirmations, as lines of `nocturne show`.
 */
import { formatDuration, formatMetric } from '../base/format.ts';
import { gaugeOf } from '../confirm/read-gauge.ts';
import type { GaugeReading } from '../journal/gauge-reading.ts';
import type { HeldOut, WholeHistory } from '../journal/held-out.ts';
import { gainText } from './confirmation-text.ts';
import { finishedConfirmations } from './confirmed-status.ts';
import { gainWithError } from './lasting-gain.ts';

/** One short line per fact; empty when nothing was measured. */
export function heldOutFacts(whole: WholeHistory, experiment: number): string[] {
  const { heldOut } = whole;
  const confirmed = finishedConfirmations(heldOut).flatMap((record) => {
    const final = record.experiment === experiment ? record.gain?.comparison : undefined;
    const step = record.gain?.steps.find((each) => each.experiment === experiment)?.comparison;
    return [
      ...(final ? [`confirmed   on ${record.split}: ${gainText(final)}`] : []),
      ...(step ? [`step        in experiment ${record.experiment}, on ${record.split}: ${gainText(step)}`] : []),
    ];
  });
  return [...gaugeFacts(gaugeOf(whole), experiment), ...confirmed, ...longerFacts(heldOut, experiment)];
}

function longerFacts({ confirmations }: HeldOut, experiment: number): string[] {
  return confirmations.flatMap(({ experiment: whose, budgetSeconds, gain, carryOver }) =>
    whose === experiment && budgetSeconds !== undefined && gain && carryOver
      ? [`at ${formatDuration(budgetSeconds).padEnd(9)}${gainWithError(gain.comparison)}: ${carryOver.verdict}`]
      : [],
  );
}

function gaugeFacts(gauge: GaugeReading | undefined, experiment: number): string[] {
  const row = gauge?.rows.find((each) => each.experiment === experiment);
  if (row?.validationGain === undefined || row.holdoutGain === undefined) return [];
  const parted = row.isParted || row.step?.isParted ? ', which chance does not explain' : '';
  return [
    `holdout     over the baseline ${formatMetric(row.holdoutGain)}, on validation ${formatMetric(row.validationGain)}${parted}`,
  ];
}
