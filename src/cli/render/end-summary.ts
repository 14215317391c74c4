/**
 * What a session came to, in a few lines at its end: the whole gain, what was tried and spent, and where to look further.
 */
import { countText, formatAt, formatDuration, formatPercent } from '../../core/base/format.ts';
import type { WholeHistory } from '../../core/journal/held-out.ts';
import { pooledNoise } from '../../core/journal/noise.ts';
import { type Result, resultOf } from '../../core/views/report/headline.ts';
import { spendingText } from '../../core/views/spending.ts';
import { countsText, figuresOfStudy, type Status } from '../../core/views/status.ts';
import { wrapUnderNames } from './fit-text.ts';

const textColumn = 10;

/** The lines, none wider than the terminal; empty before the baseline has a score. `flags` follow each command that is named. */
export function endSummary(whole: WholeHistory, flags: string): string {
  const noise = pooledNoise(whole.history);
  const status = figuresOfStudy(whole, whole.history.lastAt, false, noise);
  const result = resultOf(status, noise);
  if (!result) return '';
  const lines = [
    `gain      ${gainLine(result, status)}`,
    `tried     ${countsText(status)}`,
    `spent     ${spentLine(status)}`,
    ...(result.experiment === 0
      ? []
      : [`branch    autoresearch/${status.tag}`, `changes   all that was kept: \`nocturne diff --best${flags}\``]),
  ];
  return wrapUnderNames(lines.join('\n'), textColumn);
}

/** Such as `0.4410 ± 0.0132 (14 %): val_bpb 3.1472 -> 2.7062, experiment 2`. */
function gainLine(result: Result, { metric, decimals }: Pick<Status, 'metric' | 'decimals'>): string {
  const { baseline, best, experiment, gain, share, interval } = result;
  const show = (value: number) => formatAt(value, decimals);
  if (experiment === 0) return `none: ${metric} stays at the baseline's ${show(baseline)}`;
  const error = interval ? ` ± ${show((interval[1] - interval[0]) / 2)}` : '';
  const part = share === null ? '' : ` (${formatPercent(share)})`;
  return `${show(gain)}${error}${part}: ${metric} ${show(baseline)} -> ${show(best)}, experiment ${experiment}`;
}

function spentLine({ runs, spent }: Pick<Status, 'runs' | 'spent'>): string {
  const models = spendingText(spent);
  return [countText(runs, 'run'), formatDuration(spent.hours * 3600), ...(models ? [models] : [])].join(', ');
}
