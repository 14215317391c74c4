/**
 * What a model and an agent are told of the bounds of a run: its time limits, and the guards with their present values.
 */
import { formatDuration, formatRounded } from '../base/format.ts';
import { countedRuns, experimentOf, type History } from '../journal/history.ts';
import { type GuardState, guardStates } from '../judge/guards.ts';
import { budgetAllowance } from '../run/budget-allowance.ts';
import { timeLimitOf } from '../run/time-limit.ts';

/** One or two sentences; they change with a keep. */
export function boundsText(history: History): string {
  return [limitsText(history), guardsText(history)].filter((text) => text !== '').join('\n');
}

function limitsText(history: History): string {
  const limit = timeLimitOf(history, history.experiments.length);
  const taken = longest(history, (result) => result.seconds);
  const { clock, maxSeconds } = budgetAllowance(history);
  const trained = longest(history, (result) => result.trainSeconds);
  const whole = `A run fails beyond ${formatDuration(limit)} of wall time, imports and scoring included${taken === undefined ? '' : `; the incumbent took ${formatDuration(taken)}`}.`;
  if (maxSeconds === undefined) return whole;
  const kind = clock === 'cpu' ? ' of CPU time' : '';
  const own = trained === undefined ? '' : `; the incumbent trained ${formatDuration(trained)}`;
  return `${whole} One whose training takes over ${formatDuration(maxSeconds)}${kind} fails too${own}.`;
}

type Result = NonNullable<ReturnType<typeof countedRuns>[number]['result']>;

/** The largest of a figure of the incumbent's runs. */
function longest(history: History, figureOf: (result: Result) => number | undefined): number | undefined {
  const figures = countedRuns(experimentOf(history, history.incumbent)).flatMap(({ result }) =>
    result === undefined ? [] : (figureOf(result) ?? []),
  );
  return figures.length === 0 ? undefined : Math.max(...figures);
}

function guardsText(history: History): string {
  const guards = guardStates(history);
  if (guards.length === 0) return '';
  return `Guards, each of which a keep must meet and report: ${guards.map(guardText).join('; ')}.`;
}

function guardText({ name, side, bound, times, incumbent }: GuardState): string {
  const limit = bound === undefined ? `${times}x the baseline's` : formatRounded(bound, 6);
  const share = times === undefined || bound === undefined ? '' : ` (${times}x the baseline's)`;
  const now = incumbent === undefined ? '' : `, the incumbent has ${formatRounded(incumbent, 6)}`;
  return `${name} ${side} ${limit}${share}${now}`;
}
