/**
 * Guards: secondary metrics that a candidate must not break, whatever its score.
 *
 * A guard whose metric is not reported vetoes: otherwise a script could pass by no longer reporting it. Memory is measured from
 * outside, whatever the script reports.
 */

import { formatRounded } from '../base/format.ts';
import { countedRuns, type ExperimentRecord, experimentOf, type History } from '../journal/history.ts';
import type { RunResult } from '../journal/run.ts';
import { type Guard, readGuard } from '../journal/settings/guard.ts';
import { comparablePeakMemory, isPeakMemory, memoryWords, peakMemoryOf } from '../run/peak-memory.ts';
import { mean } from '../statistics/moments.ts';

/** Why a guard of the study forbids to keep the experiment; undefined when none does. */
export function vetoOf(history: History, record: ExperimentRecord): string | undefined {
  for (const [name, text] of Object.entries(history.session.guards ?? {})) {
    const reading = readGuard(text);
    const veto = reading.kind === 'read' ? broken(history, record, name, reading.value) : `guard ${name}: unreadable`;
    if (veto !== undefined) return veto;
  }
  return undefined;
}

/**
 * A guard that would veto every candidate, since the baseline did not report its metric, and the metrics it did report.
 */
export interface UnreportedGuard {
  readonly name: string;
  readonly reported: readonly string[];
}

/** The first such guard of the session; undefined while the baseline has no score. */
export function unreportedGuard(history: History): UnreportedGuard | undefined {
  const baseline = experimentOf(history, 0);
  const [measured] = resultsOf(baseline);
  if (!measured?.measurement) return undefined;
  const isReported = (metric: string) => reported(history, baseline, metric, false) !== undefined;
  const name = Object.keys(history.session.guards ?? {}).find((guard) => !isReported(guard));
  return name === undefined
    ? undefined
    : { name, reported: Object.keys(measured.measurement.metrics).filter(isReported) };
}

/** A guard as it holds now. */
export interface GuardState {
  readonly name: string;
  readonly side: Guard['side'];
  /** The bound in force; undefined while the baseline that it is relative to is not measured. */
  readonly bound: number | undefined;
  /** For a relative guard, how many times the baseline's own figure the brief allows. */
  readonly times: number | undefined;
  /** What the incumbent reports, the mean of its runs. */
  readonly incumbent: number | undefined;
}

/** The guards of the session with their bounds and the incumbent's figures. */
export function guardStates(history: History): readonly GuardState[] {
  return Object.entries(history.session.guards ?? {}).flatMap(([name, text]) => {
    const reading = readGuard(text);
    if (reading.kind === 'refused') return [];
    const { side, isRelative, bound } = reading.value;
    const incumbent = reported(history, experimentOf(history, history.incumbent), name, isRelative);
    const times = isRelative ? bound : undefined;
    return [{ name, side, bound: boundNow(history, name, reading.value), times, incumbent }];
  });
}

/** The bound in the metric's own unit; undefined where the baseline did not report it. */
function boundNow(history: History, name: string, guard: Guard): number | undefined {
  const baseline = guard.isRelative ? reported(history, experimentOf(history, 0), name, true) : 1;
  return baseline === undefined ? undefined : withinOwnRuns(guard, guard.bound * baseline, history, name);
}

function broken(history: History, record: ExperimentRecord, name: string, guard: Guard): string | undefined {
  const measured = reported(history, record, name, guard.isRelative);
  if (measured === undefined) return `guard ${name}: not every run reported it`;
  const baseline = guard.isRelative ? reported(history, experimentOf(history, 0), name, true) : 1;
  if (baseline === undefined) return `guard ${name}: the baseline did not report it`;
  const bound = withinOwnRuns(guard, guard.bound * baseline, history, name);
  if (guard.side === '<=' ? measured <= bound : measured >= bound) return undefined;
  const isOwnRun = guard.isRelative && bound !== guard.bound * baseline;
  const share = isOwnRun
    ? " (of the baseline's own runs)"
    : guard.isRelative
      ? ` (${guard.bound}x the baseline's ${formatRounded(baseline, 6)})`
      : '';
  const limit = `${guard.side === '<=' ? 'above' : 'below'} ${formatRounded(bound, 6)}${share}`;
  const whose = isPeakMemory(name) ? memoryWords(history, resultsOf(record), guard.isRelative) : '';
  return `guard ${name}: ${formatRounded(measured, 6)}${whose} is ${limit}`;
}

/**
 * A relative bound that the baseline keeps is no narrower than its own runs were: what varies by itself, such as a speed,
 * would otherwise be held against every candidate.
 */
function withinOwnRuns({ isRelative, side, bound }: Guard, limit: number, history: History, name: string): number {
  const allowsBaseline = side === '<=' ? bound >= 1 : bound <= 1;
  if (!isRelative || !allowsBaseline) return limit;
  const own = figuresOf(history, experimentOf(history, 0), name, true);
  return side === '<=' ? Math.max(limit, ...own) : Math.min(limit, ...own);
}

/** The mean over all measured runs, if each has it. */
function reported(history: History, record: ExperimentRecord, name: string, isRelative: boolean): number | undefined {
  const values = figuresOf(history, record, name, isRelative);
  return values.length > 0 && values.length === resultsOf(record).length ? mean(values) : undefined;
}

function figuresOf(history: History, record: ExperimentRecord, name: string, isRelative: boolean): number[] {
  return resultsOf(record).flatMap((result) => {
    if (!isPeakMemory(name)) return result.measurement?.metrics[name] ?? [];
    return (isRelative ? comparablePeakMemory : peakMemoryOf)(history, result) ?? [];
  });
}

/** The results of the counted runs that measured something. */
function resultsOf(record: ExperimentRecord): RunResult[] {
  return countedRuns(record).flatMap(({ result }) => (result?.measurement ? [result] : []));
}
