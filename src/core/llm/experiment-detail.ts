/**
 * One experiment in detail: what was changed and why, how the loss fell, and the end of the log when it failed.
 */

import { formatDuration, formatRounded } from '../base/format.ts';
import { plainText } from '../base/plain-text.ts';
import { statusOf } from '../journal/experiment-row.ts';
import { outcomeWord } from '../journal/failure-text.ts';
import type { ExperimentRecord, History } from '../journal/history.ts';
import type { RunResult } from '../journal/run.ts';
import { endingErrorOf } from '../run/ending-error.ts';
import { type Progress, readProgress } from '../run/progress.ts';
import { lastResult, vetoPhrase } from './failure.ts';
import { fence, keepEnd } from './fence.ts';
import { formatExact, ledgerLine } from './ledger-line.ts';
import { oneLine } from './one-line.ts';
import { stepsText } from './steps-text.ts';

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
  /** Whether every run, and the log of an experiment that did not fail, are shown too. */
  readonly isInFull: boolean;
}

const inLedger: Bounds = { hypothesis: 240, diff: 900, logBytes: 500, isInFull: false };
const onRequest: Bounds = { hypothesis: 4000, diff: 12_000, logBytes: 4096, isInFull: true };

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
  const result = lastResult(record);
  const log = logOf(result, texts);
  const curve = describeCurve(log);
  const broken = result?.measurement ? undefined : firstBrokenStep(log);
  const parts = [
    ledgerLine(history, record),
    record.proposal?.hypothesis ? `Hypothesis: ${oneLine(record.proposal.hypothesis, bounds.hypothesis)}` : '',
    verdictLine(history, record, bounds),
    bounds.isInFull ? runsLine(record) : '',
    [curve === undefined ? '' : `Loss: ${curve}`, result ? stepsText(result, log) : ''].filter(Boolean).join('; '),
    broken === undefined ? '' : `The loss was no number from step ${broken} on.`,
    texts?.diff ? boundDiff(texts.diff, bounds.diff) : '',
    log !== '' && (isFailed || bounds.isInFull)
      ? fence(`log of #${record.experiment}`, excerptOf(log, result, bounds), delimiter, bounds.logBytes)
      : '',
  ];
  return parts.filter((part) => part !== '').join('\n');
}

/** The log that explains the result: the scorer's, which the journal has the end of, where the scorer failed. */
function logOf(result: RunResult | undefined, texts: ExperimentTexts | undefined): string {
  const evidence = result?.evidence ?? '';
  const isOfScorer = result?.measurement === undefined && /^the scorer\b/.test(result?.reason ?? '');
  return (isOfScorer && evidence) || texts?.log || evidence;
}

/** A failure's reason, and that of a second run that failed, may quote the log, which has its own fence. */
function verdictLine(history: History, record: ExperimentRecord, { isInFull }: Bounds): string {
  const { reason = '' } = record.verdict ?? {};
  const status = statusOf(record);
  if (status === 'dropped') return `Verdict: ${oneLine(reason, isInFull ? 500 : 200)}`;
  if (status === 'failed' || reason === '' || reason.startsWith('run again, it failed')) return '';
  const isSaid = !isInFull && vetoPhrase(history, record) !== '';
  return isSaid ? '' : `Verdict: ${oneLine(reason, isInFull ? 500 : 200)}`;
}

/** How each run ended, where one of several did otherwise or all is asked for. */
function runsLine({ runs }: ExperimentRecord): string {
  const texts = runs.flatMap(({ seed, result }) => {
    if (!result) return [];
    const end = result.measurement ? formatExact(result.measurement.value) : outcomeWord(result.outcome) || 'no score';
    return [`seed ${seed} ${end} after ${formatDuration(result.seconds)}`];
  });
  return texts.length === 0 ? '' : `Runs: ${texts.slice(-maxRuns).join('; ')}.`;
}

/** The end of a log; for a crash with the exception before it, which a long message or a launcher may have pushed away. */
function excerptOf(log: string, result: RunResult | undefined, { logBytes }: Bounds): string {
  const isOwnEnd = result !== undefined && !result.measurement && /^(?:crashed|out-of-memory)$/.test(result.outcome);
  const error = isOwnEnd ? endingErrorOf(log).text : '';
  const end = plainText(log.slice(-logBytes * 4)).trimEnd();
  if (error === '' || keepEnd(end, logBytes).includes(error)) return end;
  return `${error}\n…\n${keepEnd(end, logBytes - new TextEncoder().encode(error).length - 5)}`;
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

/** Runs that are told one by one. */
const maxRuns = 8;
/** Points of a loss curve that are shown. */
const maxPoints = 6;

/**
 * The loss curve of a training log in one line, such as `5.54 (2 %), 3.1 (25 %), 2.2 (99 %)`; undefined when the log
 * has fewer than two progress lines with a loss.
 */
export function describeCurve(log: string): string | undefined {
  const points = log.split(/[\r\n]+/).flatMap((line) => pointOf(line));
  if (points.length < 2) return undefined;
  const chosen = spread(points, maxPoints).map(
    ({ loss, step, progress }) =>
      `${formatRounded(loss, 4)} (${progress === undefined ? `step ${step}` : `${Math.round(progress * 100)} %`})`,
  );
  return chosen.join(', ');
}

/** The step of the first line whose loss is no number; undefined where no line has both. */
function firstBrokenStep(log: string): number | undefined {
  for (const line of log.split(/[\r\n]+/)) {
    if (!/loss[=: ]+[-+]?(?:nan|inf)/i.test(line)) continue;
    const step = readProgress(line.slice(0, 500))?.step;
    if (step !== undefined) return step;
  }
  return undefined;
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
