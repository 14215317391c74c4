/**
 * What early kill saves and what it kills wrongly, on the recorded curves of real runs: calibrated on one half of them and
 * judged on the other. `--record` records them anew, which takes a quarter of an hour.
 */
import { rmSync } from 'node:fs';
import type { EarlyKillMode } from '../../src/core/base/names.ts';
import { thinCurve } from '../../src/core/journal/curve.ts';
import { isKnobComparable } from '../../src/core/run/comparable.ts';
import { excessOf, firstBeyond, type Reference, referenceOf } from '../../src/core/run/curve-margin.ts';
import { wideMargin } from '../../src/core/run/early-kill.ts';
import { type BenchReport, round } from '../report.ts';
import { curvesPath, type RecordedRun, readCurves } from './curve-file.ts';

/** As many as a study's baseline has. */
const incumbentRuns = 3;

interface Candidate {
  readonly run: RecordedRun;
  readonly reference: Reference;
  /** How far its score is behind the incumbent's mean, in standard deviations of a run; below zero it wins. */
  readonly behind: number;
}

interface Outcome {
  readonly runs: number;
  readonly winners: number;
  readonly killed: number;
  readonly wronglyKilled: number;
  /** Share of all training seconds. */
  readonly savedShare: number;
}

/** The bench. */
export async function benchEarlyKill(): Promise<BenchReport> {
  if (process.argv.includes('--record')) {
    rmSync(curvesPath, { force: true });
    await (await import('./record-curves.ts')).recordCurves(curvesPath);
  }
  const candidates = candidatesOf(readCurves());
  const halves = [0, 1].map((half) => candidates.filter((_, index) => index % 2 === half));
  const [calibration = [], judged = []] = halves;
  const margin = marginFrom(calibration);
  const figures = {
    runs: readCurves().length,
    calibratedMargin: round(margin, 2),
    shippedMargin: wideMargin,
    judgedHalf: both((mode) => tryMargin(judged, margin, mode)),
    judgedHalfAtShippedMargin: both((mode) => tryMargin(judged, wideMargin, mode)),
    otherHalfAtShippedMargin: both((mode) => tryMargin(calibration, wideMargin, mode)),
  };
  return { figures, table: tableOf(figures) };
}

function both(measure: (mode: EarlyKillMode) => Outcome): Record<'safe' | 'bold', Outcome> {
  return { safe: measure('safe'), bold: measure('bold') };
}

function candidatesOf(runs: readonly RecordedRun[]): Candidate[] {
  return (['baseline', 'tuned'] as const).flatMap((around) => {
    const near = runs.filter((run) => run.around === around);
    const own = near.filter((run) => Object.keys(run.changed).length === 0);
    const reference = referenceOf(own.slice(0, incumbentRuns).map((run) => thinCurve(run.curve)));
    if (!reference) throw new Error(`no incumbent's curve around ${around}`);
    const values = own.map((run) => run.value ?? Number.NaN);
    const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
    const sd = Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (values.length - 1));
    const changed = near.filter((run) => !own.includes(run));
    return changed.map((run) => ({
      run,
      reference,
      behind: run.value === null ? Number.POSITIVE_INFINITY : (run.value - mean) / sd,
    }));
  });
}

/** Twice the largest excess of a run that won, or was within two standard deviations of winning; at least a half. */
function marginFrom(candidates: readonly Candidate[]): number {
  const near = candidates.filter(({ behind }) => behind < 2);
  return Math.max(0.5, ...near.map(({ run, reference }) => 2 * excessOf(reference, thinCurve(run.curve)).excess));
}

function tryMargin(candidates: readonly Candidate[], margin: number, mode: EarlyKillMode): Outcome {
  let [killed, wronglyKilled, saved] = [0, 0, 0];
  for (const { run, reference, behind } of candidates) {
    if (!Object.keys(run.changed).every((knob) => isKnobComparable(knob, mode))) continue;
    const share = firstBeyond(reference, thinCurve(run.curve), margin);
    if (share === undefined) continue;
    killed += 1;
    if (behind < 0) wronglyKilled += 1;
    saved += Math.max(0, run.seconds - share * 8);
  }
  const total = candidates.reduce((sum, { run }) => sum + run.seconds, 0);
  const winners = candidates.filter(({ behind }) => behind < 0).length;
  return { runs: candidates.length, winners, killed, wronglyKilled, savedShare: round(saved / total, 4) };
}

function tableOf(figures: {
  readonly runs: number;
  readonly calibratedMargin: number;
  readonly shippedMargin: number;
  readonly judgedHalf: Record<string, Outcome>;
  readonly judgedHalfAtShippedMargin: Record<string, Outcome>;
  readonly otherHalfAtShippedMargin: Record<string, Outcome>;
}): string[] {
  const line = (what: string, margin: number, outcomes: Record<string, Outcome>) =>
    Object.entries(outcomes).map(
      ([mode, { savedShare, killed, runs, wronglyKilled, winners }]) =>
        `${what} at ${margin}, ${mode}: ${round(savedShare * 100, 2)} % of training seconds saved, ${killed} of ${runs} runs killed, ${wronglyKilled} of ${winners} winners`,
    );
  return [
    `${figures.runs} recorded runs of sandbox/tiny`,
    ...line('judged half', figures.calibratedMargin, figures.judgedHalf),
    ...line('judged half', figures.shippedMargin, figures.judgedHalfAtShippedMargin),
    ...line('other half', figures.shippedMargin, figures.otherHalfAtShippedMargin),
  ];
}
