/**
 * One experiment in one line for the model, with every digit that was measured.
 *
 * It has no training output: of a failure the harness's own words and the facts that `failure.ts` takes out of the log.
 */

import { formatRounded } from '../base/format.ts';
import { type ExperimentRow, experimentRow } from '../journal/experiment-row.ts';
import { type ExperimentRecord, type History, openRuns, valuesOf } from '../journal/history.ts';
import type { Proposal } from '../journal/proposal.ts';
import { isOrphan } from '../judge/overtaken.ts';
import { mostPeakMemory } from '../run/peak-memory.ts';
import type { KnobValue } from '../space/knob.ts';
import { failurePhrase, vetoPhrase } from './failure.ts';
import { oneLine } from './one-line.ts';

/** What the columns of a line mean. */
export const ledgerLegend =
  '`gain` is the measured one against the parent, above zero is better; `p` is the probability that it is real, by all that is known of the study; `runs` how many seeds, where more than one.';

/**
 * A line such as `#7 kept val_bpb 2.0674123 gain +0.0338412 runs 2 parent #3 [knobs] A steeper decay {DECAY=cosine}`.
 * A caller that has the row passes it.
 */
export function ledgerLine(history: History, record: ExperimentRecord, row = experimentRow(history, record)): string {
  const why = whyOf(history, record, row.status);
  const figures = [
    `#${row.experiment} ${row.status === 'running' && record.runs.length === 0 ? 'waiting' : row.status}`,
    why === '' ? '' : `(${why})`,
    row.metric === null ? '' : `${history.frozen.metric.name} ${formatExact(row.metric)}`,
    row.gain === null ? '' : `gain ${formatGain(row.gain)}`,
    row.probability === null ? '' : `p ${row.probability.toFixed(2)}`,
    valuesOf(record).length > 1 ? `runs ${valuesOf(record).length}` : '',
    memoryOf(history, record),
    row.parent === null ? '' : `parent #${row.parent}`,
    record.proposal ? `[${record.proposal.kind}]` : '',
    describeIdea(row, record.proposal),
  ];
  return figures.filter((figure) => figure !== '').join(' ');
}

/** Why it has no score, or not the verdict that its score suggests; of what has no verdict, where it stands. */
function whyOf(history: History, record: ExperimentRecord, status: ExperimentRow['status']): string {
  if (status === 'failed') return failurePhrase(history, record);
  if (status === 'dropped') return 'before it ran: it does not go together with what was kept meanwhile';
  if (status === 'running') return standingOf(record);
  const { overtakenBy } = record.verdict ?? {};
  const { withdrawn } = record;
  if (withdrawn?.with === record.experiment) return 'kept, then taken out by the owner, who does not want it';
  if (overtakenBy === undefined) return vetoPhrase(history, record);
  const again = history.experiments.find(({ reapplies }) => reapplies === record.experiment);
  const where = again === undefined ? '' : ` as #${again.experiment}`;
  if (withdrawn)
    return `kept, then taken out with #${withdrawn.with}, on which it stood; tried again without that${where}`;
  if (isOrphan(history, record)) return `its parent was taken out; tried again on #${overtakenBy}${where}`;
  return `a gain on its parent; #${overtakenBy} was kept meanwhile, so it is tried again on that${where}`;
}

/** Where an experiment without a verdict stands. */
export function standingOf(record: ExperimentRecord): string {
  if (record.runs.length === 0) return 'it has yet to run';
  const slots = openRuns(record).flatMap(({ slot }) => slot ?? []);
  return slots.length === 0 ? 'its result is to come' : `in slot ${slots.join(', ')}, its result is to come`;
}

/** Twelve significant digits: more than any script prints, and no tail of a binary fraction. */
export function formatExact(value: number): string {
  return formatRounded(value, 12);
}

/** A gain with its sign, to four digits: any further ones are noise. */
export function formatGain(gain: number): string {
  return `${gain >= 0 ? '+' : ''}${formatRounded(gain, 4)}`;
}

/** The knobs that a proposal sets. */
export function knobsSetBy(proposal: Proposal | undefined): { knob: string; to: KnobValue }[] {
  return (proposal?.edits ?? []).flatMap((edit) =>
    edit.kind === 'set-knob' ? [{ knob: edit.knob, to: edit.to }] : [],
  );
}

/** Its title, and the knobs that it sets where the title does not say so. */
export function describeIdea(row: Pick<ExperimentRow, 'title'>, proposal: Proposal | undefined): string {
  const title = oneLine(row.title, 120);
  if (title.includes(' -> ')) return title;
  const knobs = knobsSetBy(proposal).map(({ knob, to }) => `${knob}=${to}`);
  return knobs.length === 0 ? title : `${title} {${oneLine(knobs.join(', '), 100)}}`;
}

function memoryOf(history: History, record: ExperimentRecord): string {
  const peak = mostPeakMemory(history, record);
  return peak === undefined ? '' : `${Math.round(peak)} MB`;
}
