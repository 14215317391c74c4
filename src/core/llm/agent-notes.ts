/**
 * What a coding agent can read of the study beside its task: files of a folder that is only read, bounded in number and size.
 */
import { lastLines, plainText } from '../base/plain-text.ts';
import { type ExperimentRow, experimentRows, statusOf } from '../journal/experiment-row.ts';
import type { ExperimentRecord, History } from '../journal/history.ts';
import type { ExperimentTexts } from './experiment-detail.ts';
import { ledgerLegend, ledgerLine } from './ledger-line.ts';
import { nearMissesOf } from './near-misses.ts';

/** Experiments whose diff and log are there: the newest, and those that were kept most recently. */
const maxNewest = 40;
const maxKept = 40;
/** Characters of one text. */
const maxDiff = 20_000;
const maxLog = 20_000;
const maxReason = 4000;
const maxLedger = 400_000;
const maxLogLines = 400;

/** The numbers of the experiments whose texts are wanted. */
export function notedExperiments(history: History): readonly number[] {
  const tried = history.experiments.filter(({ experiment }) => experiment > 0);
  const kept = tried.filter((record) => statusOf(record) === 'kept').slice(-maxKept);
  const near = nearMissesOf(history).map(({ experiment }) => experiment);
  const chosen = [...tried.slice(-maxNewest), ...kept].map(({ experiment }) => experiment);
  return [...new Set([0, ...chosen, ...near])].sort((a, b) => a - b);
}

/** Path in the folder -> text. */
export function agentNotes(
  history: History,
  textsOf: (experiment: number) => ExperimentTexts | undefined,
): Readonly<Record<string, string>> {
  const rows = experimentRows(history);
  const lines = history.experiments.map((record, index) => ledgerLine(history, record, rows[index])).join('\n');
  const files: Record<string, string> = { 'ledger.md': `${ledgerLegend}\n${lines.slice(-maxLedger)}\n` };
  for (const experiment of notedExperiments(history)) {
    const record = history.experiments[experiment];
    if (record === undefined) continue;
    const { diff = '', log = '' } = textsOf(experiment) ?? {};
    const folder = `experiments/${experiment}`;
    if (diff !== '') files[`${folder}/diff`] = diff.slice(0, maxDiff);
    if (log !== '') files[`${folder}/log`] = lastLines(plainText(log.slice(-maxLog)), maxLogLines);
    files[`${folder}/reason`] = reasonOf(history, record, rows[experiment]);
  }
  return files;
}

function reasonOf(history: History, record: ExperimentRecord, row: ExperimentRow | undefined): string {
  const failure = record.runs.findLast((run) => run.result !== undefined)?.result?.reason ?? '';
  const texts = [
    ledgerLine(history, record, row),
    record.proposal?.hypothesis ?? '',
    record.verdict ? `Verdict: ${record.verdict.decision}, ${record.verdict.reason}` : '',
    statusOf(record) === 'failed' ? failure : '',
  ];
  const text = texts.filter((part) => part !== '').join('\n\n');
  return `${plainText(text).slice(0, maxReason)}\n`;
}
