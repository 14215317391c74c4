/**
 * Folds 50 old experiments into a paragraph: what was kept, the near misses, what failed, and the titles of the others.
 */

import { type ExperimentRow, experimentRows } from '../journal/experiment-row.ts';
import type { ExperimentRecord, History } from '../journal/history.ts';
import { failureWord } from './failure.ts';
import { formatGain, knobsSetBy, ledgerLine } from './ledger-line.ts';
import { oneLine } from './one-line.ts';

/** Kept experiments, near misses and knobs that one block lists. */
const maxKept = 12;
const maxNearMisses = 3;
const maxKnobs = 14;

/** One block; a brief one leaves out the titles and the near misses, and lists at most 6 kept experiments. */
export function foldBlock(history: History, records: readonly ExperimentRecord[], isBrief: boolean): string {
  const rows = experimentRows(history, records).flatMap((row, index) => {
    const record = records[index];
    return record ? [{ record, row }] : [];
  });
  const kept = rows.filter(({ row }) => row.status === 'kept');
  const failed = rows.filter(({ row }) => row.status === 'failed');
  const reverted = rows.filter(({ row }) => row.status === 'reverted');
  const dropped = rows.filter(({ row }) => row.status === 'dropped').length;
  const numbers = records.map(({ experiment }) => experiment);
  const [first, last] = [Math.min(...numbers), Math.max(...numbers)];
  const near = nearest(reverted).slice(0, maxNearMisses);
  const shown = new Set([...kept.slice(0, maxKept), ...near].map(({ row }) => row.experiment));
  const others = reverted.filter(({ row }) => !shown.has(row.experiment));
  const parts = [
    `Experiments ${first}-${last}: ${kept.length} kept, ${reverted.length} reverted, ${failed.length} failed${dropped === 0 ? '' : `, ${dropped} dropped before they ran`}.`,
    list(
      'Kept',
      kept.slice(0, isBrief ? 6 : maxKept).map(({ record, row }) => ledgerLine(history, record, row)),
    ),
    isBrief
      ? ''
      : list(
          'Nearest to being kept',
          near.map(({ record, row }) => ledgerLine(history, record, row)),
        ),
    describeKnobs(rows),
    describeFailures(failed),
    isBrief ? '' : describeOthers(others),
  ];
  return parts.filter((part) => part !== '').join('\n');
}

interface RowedRecord {
  readonly record: ExperimentRecord;
  readonly row: ExperimentRow;
}

function nearest(reverted: readonly RowedRecord[]): RowedRecord[] {
  return reverted.filter(({ row }) => row.gain !== null).sort((a, b) => (b.row.gain ?? 0) - (a.row.gain ?? 0));
}

function list(title: string, lines: readonly string[]): string {
  return lines.length === 0 ? '' : [`${title}:`, ...lines].join('\n');
}

/** For each knob: how often it was set, its least and greatest values, and the value that gained most. */
function describeKnobs(rows: readonly RowedRecord[]): string {
  const tried = new Map<string, { to: string; gain: number }[]>();
  for (const { record, row } of rows) {
    for (const { knob, to } of knobsSetBy(record.proposal)) {
      const gain = row.gain ?? Number.NEGATIVE_INFINITY;
      tried.set(knob, [...(tried.get(knob) ?? []), { to: oneLine(String(to), 20), gain }]);
    }
  }
  const knobs = [...tried].sort(([, a], [, b]) => b.length - a.length).slice(0, maxKnobs);
  return knobs.length === 0 ? '' : `Knobs: ${knobs.map(([knob, values]) => describeKnob(knob, values)).join('; ')}.`;
}

function describeKnob(knob: string, values: readonly { to: string; gain: number }[]): string {
  const best = values.reduce((a, b) => (b.gain > a.gain ? b : a));
  const numbers = values.map(({ to }) => Number(to));
  const range = numbers.every(Number.isFinite)
    ? `${Math.min(...numbers)}..${Math.max(...numbers)}`
    : [...new Set(values.map(({ to }) => to))].slice(0, 6).join('/');
  const at = Number.isFinite(best.gain) ? `, best ${best.to} (${formatGain(best.gain)})` : '';
  return `${knob} ${values.length}x ${range}${at}`;
}

function describeFailures(failed: readonly RowedRecord[]): string {
  const byReason = new Map<string, number[]>();
  for (const { record } of failed) {
    const reason = failureWord(record);
    byReason.set(reason, [...(byReason.get(reason) ?? []), record.experiment]);
  }
  const reasons = [...byReason]
    .slice(0, 8)
    .map(([reason, numbers]) => `${reason} ${numbers.map((number) => `#${number}`).join(' ')}`);
  return reasons.length === 0 ? '' : `Failed: ${reasons.join('; ')}.`;
}

/** Titles of reverted experiments; not those of searches, which say no more than the knobs above. */
function describeOthers(others: readonly RowedRecord[]): string {
  const ideas = others.filter(({ row }) => !row.title.includes(' -> '));
  const names = ideas.map(({ row }) => `#${row.experiment} ${oneLine(row.title, 56)}`);
  return names.length === 0 ? '' : `Also tried in vain: ${names.join('; ')}.`;
}
