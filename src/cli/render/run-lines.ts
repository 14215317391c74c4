/**
 * The runs in flight as lines of parts, the most important parts first: one for each run and one for the study.
 */
import { countText, formatAt, formatDuration, formatMetric } from '../../core/base/format.ts';
import { experimentOf, type History, valuesOf } from '../../core/journal/history.ts';
import type { RunProgressed } from '../../core/journal/loop-event.ts';
import { metricDecimals } from '../../core/journal/metric-decimals.ts';
import { mean } from '../../core/statistics/moments.ts';
import { waitingExperiments } from '../../core/views/in-flight.ts';
import { spendingText } from '../../core/views/spending.ts';
import { stateOf } from '../../core/views/study-state.ts';
import { progressText, timeLeftOf } from '../../core/views/time-left.ts';
import { coloursFor } from './colours.ts';
import { dayAndTime } from './time-of-day.ts';

/** At most `maxLines` lines; without a run in flight there is none. */
export function runLines(
  runs: readonly RunProgressed[],
  budgetSeconds: number,
  history: History | undefined,
  maxLines: number,
): readonly (readonly string[])[] {
  const placed = runs
    .map((run) => ({ run, slot: slotOf(run, history) }))
    .sort((one, other) => (one.slot ?? 0) - (other.slot ?? 0));
  if (placed.length === 0) return [];
  const room = maxLines - 1;
  const shown = placed.length <= room ? placed : placed.slice(0, room - 1);
  const hidden = placed.length - shown.length;
  const width = Math.max(...shown.map(({ run }) => nameOf(run).length));
  return [
    ...shown.map(({ run, slot }) => {
      const [name = '', ...parts] = runParts(run, budgetSeconds);
      const where = slot === undefined ? '' : `slot ${String(slot).padEnd(String(maxSlot(placed)).length)}`;
      return filled([where, name.padEnd(width), ...parts]);
    }),
    ...(hidden === 0 ? [] : [[`and ${countText(hidden, 'more run')}`]]),
    filled([waitingText(history), waitText(history), ...studyParts(history, runs)]),
  ].filter((parts) => parts.length > 0);
}

const filled = (parts: readonly string[]) => parts.filter((part) => part !== '');

function maxSlot(placed: readonly { readonly slot: number | undefined }[]): number {
  return Math.max(...placed.map(({ slot }) => slot ?? 0));
}

function slotOf(
  { experiment, run, confirmation, slot }: RunProgressed,
  history: History | undefined,
): number | undefined {
  if (confirmation) return slot;
  return history?.experiments[experiment]?.runs.find((each) => each.run === run)?.slot;
}

function runParts(event: RunProgressed, studySeconds: number): string[] {
  const budgetSeconds = event.budgetSeconds ?? studySeconds;
  const share = event.progress ?? Math.min(1, event.elapsedSeconds / budgetSeconds);
  return [
    nameOf(event),
    `${formatDuration(event.elapsedSeconds)} of ${formatDuration(budgetSeconds)}`,
    bar(share),
    event.loss === undefined ? '' : `loss ${formatMetric(event.loss)}`,
  ];
}

function studyParts(history: History | undefined, runs: readonly RunProgressed[]): string[] {
  if (!history) return [];
  const isEnding = history.isStopAsked === true || runs.some(({ confirmation }) => confirmation);
  const progress = isEnding ? [] : progressParts(history);
  return [bestText(history), ...progress, spendingText(history.spent) ?? ''];
}

/** How far the study is, and when it is expected to end. */
function progressParts(history: History): string[] {
  const left = timeLeftOf(history, { at: new Date().toISOString() }, true);
  const end =
    left.endsAt === null ? (left.rule === null ? '' : 'end not known yet') : `ends about ${dayAndTime(left.endsAt)}`;
  return [progressText(left) ?? '', end];
}

function waitingText(history: History | undefined): string {
  const waiting = history ? waitingExperiments(history) : [];
  return waiting.length === 0 ? '' : `waiting: ${waiting.join(', ')}`;
}

/** Why nothing new begins, in the word of the study's state. */
function waitText(history: History | undefined): string {
  if (!history) return '';
  const state = stateOf(history, true);
  if (state !== 'running') return state;
  return history.modelsAway.size > 0 ? 'model away' : '';
}

function nameOf({ experiment, run, confirmation }: RunProgressed): string {
  if (confirmation) return `confirming: ${confirmation.contender} run ${run}`;
  return experiment === 0 ? `baseline run ${run}` : `experiment ${experiment}`;
}

function bestText(history: History): string {
  const values = valuesOf(experimentOf(history, history.incumbent));
  if (values.length === 0) return '';
  return `best ${formatAt(mean(values), metricDecimals(history))}`;
}

const barWidth = 14;

function bar(share: number): string {
  const { cyan, dim } = coloursFor(process.stderr);
  const filledWidth = Math.round(Math.max(0, Math.min(1, share)) * barWidth);
  return cyan('━'.repeat(filledWidth)) + dim('━'.repeat(barWidth - filledWidth));
}
