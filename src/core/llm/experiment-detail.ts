/**
 * One experiment in detail: what was changed and why, how the loss fell, and the end of the log when it failed.
 */

import { plainText } from '../base/plain-text.ts';
import { statusOf } from '../journal/experiment-row.ts';
import type { ExperimentRecord, History } from '../journal/history.ts';
import { type Progress, readProgress } from '../run/progress.ts';
import { fence } from './fence.ts';
import { ledgerLine } from './ledger-line.ts';
import { oneLine } from './one-line.ts';

/** The raw texts behind an experiment; empty where there is nothing. */
export interface ExperimentTexts {
  /** Unified diff against its parent. */
  readonly diff: string;
  /** The end of its last run's training log. */
  readonly log: string;
}

/** Characters of the hypothesis and of the diff that are shown, and bytes of the log. */
interface Bounds {
  readonly hypothesis: number;
  readonly diff: number;
  readonly logBytes: number;
  /** Whether the log is shown even if the experiment did not fail. */
  readonly isLogAlways: boolean;
}

const inLedger: Bounds = { hypothesis: 240, diff: 900, logBytes: 500, isLogAlways: false };
const onRequest: Bounds = { hypothesis: 4000, diff: 12_000, logBytes: 4096, isLogAlways: true };

/** As the ledger shows its last experiments. */
export function experimentDetail(
  history: History,
  record: ExperimentRecord,
  texts: ExperimentTexts | undefined,
  delimiter: string,
): string {
  return describe(history, record, texts, delimiter, inLedger);
}

/** As `show_experiment` answers. */
export function experimentInFull(
  history: History,
  record: ExperimentRecord,
  texts: ExperimentTexts | undefined,
  delimiter: string,
): string {
  return describe(history, record, texts, delimiter, onRequest);
}

function describe(
  history: History,
  record: ExperimentRecord,
  texts: ExperimentTexts | undefined,
  delimiter: string,
  bounds: Bounds,
): string {
  const isFailed = statusOf(record) === 'failed';
  const log = texts?.log || record.runs.findLast((run) => run.result)?.result?.evidence || '';
  const curve = describeCurve(log);
  const parts = [
    ledgerLine(history, record),
    record.proposal?.hypothesis ? `Hypothesis: ${oneLine(record.proposal.hypothesis, bounds.hypothesis)}` : '',
    // A failure's reason may quote the log, which has its own fence below.
    record.verdict && !isFailed ? `Verdict: ${oneLine(record.verdict.reason, 200)}` : '',
    curve === undefined ? '' : `Loss: ${curve}`,
    texts?.diff ? boundDiff(texts.diff, bounds.diff) : '',
    log !== '' && (isFailed || bounds.isLogAlways)
      ? fence(`log of #${record.experiment}`, log, delimiter, bounds.logBytes)
      : '',
  ];
  return parts.filter((part) => part !== '').join('\n');
}

/** The hunks of a diff without git's header lines, at most `max` characters, cut between lines. */
export function boundDiff(diff: string, max: number): string {
  const lines = plainText(diff.replace(/\r/g, ''))
    .split('\n')
    .filter((line) => !/^(?:diff --git|index |--- |\+\+\+ |=+$)/.test(line) && line !== '');
  const shown: string[] = [];
  let size = 0;
  for (const line of lines) {
    size += line.length + 1;
    if (size > max) break;
    shown.push(line);
  }
  const rest = lines.length - shown.length;
  return ['```diff', ...shown, '```', ...(rest > 0 ? [`(${rest} more lines of the diff)`] : [])].join('\n');
}

/** Points of a loss curve that are shown. */
const maxPoints = 8;

/**
 * The loss curve of a training log in one line, such as `5.54 (2 %), 3.1 (25 %), 2.2 (99 %)`; undefined when the log
 * has fewer than two progress lines with a loss.
 */
export function describeCurve(log: string): string | undefined {
  const points = log.split(/[\r\n]+/).flatMap((line) => pointOf(line));
  if (points.length < 2) return undefined;
  const chosen = spread(points, maxPoints).map(
    ({ loss, step, progress }) =>
      `${loss} (${progress === undefined ? `step ${step}` : `${Math.round(progress * 100)} %`})`,
  );
  return chosen.join(', ');
}

function pointOf(line: string): (Progress & { loss: number })[] {
  if (!/\bloss[:=]/.test(line)) return [];
  const { loss, ...rest } = readProgress(line.slice(0, 500)) ?? {};
  return loss === undefined ? [] : [{ ...rest, loss }];
}

/** `count` of the items, evenly spaced, with the first and the last. */
function spread<Item>(items: readonly Item[], count: number): Item[] {
  if (items.length <= count) return [...items];
  return Array.from(
    { length: count },
    (_, index) => items[Math.round((index * (items.length - 1)) / (count - 1))] as Item,
  );
}
