/**
 * The sentences of the report's headline, shared by report.md and report.html so that the two cannot differ.
 */
import { formatAt, formatPercent, gainPhrase, notesFor } from '../core/base/format.ts';
import type { Headline, Result } from '../core/views/report/headline.ts';
import type { Report } from '../core/views/report/report.ts';
import { countsText, stopText } from '../core/views/status.ts';

/** Such as `better by 0.0335 (1.2 %), 95 % interval 0.021 to 0.046, not confirmed`. */
export function gainSentence(
  { gain, share, interval, experiment }: Result,
  decimals: number,
  isConfirmed: boolean,
): string {
  if (experiment === 0) return 'nothing beat the baseline yet';
  const percent = share === null ? '' : ` (${formatPercent(Math.abs(share))})`;
  const between = interval ? `, 95 % interval ${interval.map((end) => formatAt(end, decimals)).join(' to ')}` : '';
  return `${gainPhrase(gain, decimals)}${percent}${between}, ${isConfirmed ? 'on the runs it was selected on' : 'not confirmed'}`;
}

/** Such as `40 experiments: 5 kept, 33 reverted, 2 failed.` */
export function countsSentence(headline: Headline): string {
  return `${countsText(headline)}.`;
}

/** Why the study stopped, or that it has not. */
export function endSentence({ stop, state }: Headline): string {
  if (stop) return `${stopText(stop)}.`;
  return stateSentences[state];
}

const stateSentences: Readonly<Record<Headline['state'], string>> = {
  running: 'It is still running.',
  waiting: 'It is waiting, and goes on by itself.',
  paused: 'It is paused by its owner.',
  stopping: 'It is stopping: runs in flight go on to their end.',
  unfinished: 'It has ended before its rules did, and can go on.',
  interrupted: 'It was interrupted and can go on.',
  finished: 'It has ended.',
};

/** Why there is no baseline to compare with. */
export function noBaselineSentence({ attempts: [baseline] }: Pick<Report, 'attempts'>): string {
  if (baseline?.status !== 'failed') return 'The baseline has not been measured yet.';
  return `The baseline has no score: ${baseline.reason}.`;
}

/** What `±` means, and `estimated` where the report says it of a gain. */
export function pageNotes({ kept, nearMisses }: Report): string[] {
  const isEstimateTold = kept.some(({ estimatedGain }) => estimatedGain !== null);
  const reasons = [...kept, ...nearMisses].map(({ reason }) => reason);
  return notesFor(['±', isEstimateTold ? 'estimated better' : '', ...reasons].join(' '));
}
