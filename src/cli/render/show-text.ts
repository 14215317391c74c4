/**
 * `nocturne show N` for people: one experiment from hypothesis to verdict.
 */
import { formatAt, formatDuration, gainPhrase, withNotes } from '../../core/base/format.ts';
import { plainText } from '../../core/base/plain-text.ts';
import { type ExperimentRow, experimentRow } from '../../core/journal/experiment-row.ts';
import { failureText } from '../../core/journal/failure-text.ts';
import { givenUpFor } from '../../core/journal/given-up.ts';
import type { WholeHistory } from '../../core/journal/held-out.ts';
import type { ExperimentRecord, History, RunRecord } from '../../core/journal/history.ts';
import { metricDecimals, runDecimals } from '../../core/journal/metric-decimals.ts';
import { voucherText } from '../../core/journal/run.ts';
import { contentionText } from '../../core/views/conditions.ts';
import { heldOutFacts } from '../../core/views/held-out-facts.ts';
import { coloursFor } from './colours.ts';

/** The text, with the patch coloured on a terminal. */
export function showText(whole: WholeHistory, record: ExperimentRecord, patch: string): string {
  const { history } = whole;
  const row = experimentRow(history, record);
  const decimals = metricDecimals(history);
  const { bold } = coloursFor(process.stdout);
  const facts = [
    `status      ${row.status}${row.reason === '' ? '' : `: ${failureText(row.outcome, row.reason)}`}`,
    `commit      ${row.commit ?? 'none yet'}`,
    record.parent === undefined ? '' : `parent      experiment ${record.parent}`,
    ...againLines(history, record),
    record.researcher === undefined
      ? ''
      : `researcher  ${record.researcher}${record.arm === undefined ? '' : ` (${record.arm})`}`,
    !record.why ? '' : `why         ${record.why}`,
    measuredLine(history, row, decimals),
    ...record.runs.flatMap((run) => [runLine(history, run), machineLine(run)]),
    ...heldOutFacts(whole, record.experiment),
    ...givenUpFor(history, record.experiment).map(
      ({ title, reason }) => `given up    ${title || 'an idea'}: ${reason}`,
    ),
  ];
  const sections = [
    `${bold(`${record.experiment}. ${plainText(row.title)}`)}`,
    plainText(record.proposal?.hypothesis ?? ''),
    plainText(withNotes(facts.filter(Boolean).join('\n'))),
    evidenceOf(record),
    colourPatch(patch.trimEnd()),
  ];
  return sections.filter(Boolean).join('\n\n');
}

/** Which experiment's edits it makes again, and which one makes its own again. */
function againLines({ experiments }: History, { experiment, reapplies }: ExperimentRecord): string[] {
  const later = experiments.find((record) => record.reapplies === experiment);
  return [
    reapplies === undefined ? '' : `edits       those of experiment ${reapplies}, which gained on an older incumbent`,
    later === undefined ? '' : `tried again as experiment ${later.experiment}, on experiment ${later.parent}`,
  ];
}

/** The mean of its runs, and the gain over its parent; empty while there is no score. */
function measuredLine({ frozen }: History, { metric, gain, error, parent }: ExperimentRow, decimals: number): string {
  if (metric === null) return '';
  const over = gain === null ? '' : `, ${gainPhrase(gain, decimals, error)} than experiment ${parent}`;
  return `measured    ${frozen.metric.name} ${formatAt(metric, decimals)}${over}`;
}

function runLine(history: History, { run, seed, slot, result }: RunRecord): string {
  const name = `run ${run}`.padEnd(12);
  const place = slot === undefined ? '' : `, slot ${slot}`;
  if (!result) return `${name}seed ${seed}${place}, in flight`;
  const { measurement, outcome, reason, seconds } = result;
  const value = measurement
    ? `${history.frozen.metric.name} ${formatAt(measurement.value, runDecimals(history))} (${voucherText(measurement.vouched)})`
    : failureText(outcome, reason);
  return `${name}seed ${seed}${place}, ${value}, ${formatDuration(seconds)}`;
}

function machineLine(run: RunRecord): string {
  const text = contentionText(run);
  return text === '' ? '' : `${' '.repeat(12)}${text}`;
}

function evidenceOf(record: ExperimentRecord): string {
  const evidence = record.runs.at(-1)?.result?.evidence ?? '';
  return evidence === '' ? '' : coloursFor(process.stdout).dim(plainText(evidence));
}

function colourPatch(patch: string): string {
  const { green, red } = coloursFor(process.stdout);
  return patch
    .split('\n')
    .map((line) => (/^\+(?!\+\+)/.test(line) ? green(line) : /^-(?!--)/.test(line) ? red(line) : line))
    .join('\n');
}
