/**
 * The figures of an experiment as series over steps, as trackers draw them: the loss curve, the metrics of each run, and the
 * measured ones as one point at the experiment's number, so that those of all experiments together are the study's progress.
 */
import type { TrackedExperiment } from '../../core/views/tracked-study.ts';

export interface Point {
  readonly name: string;
  readonly step: number;
  readonly value: number;
  /** Seconds since 1970. */
  readonly at: number;
}

/** All points, series after series; the curve over its steps, or over thousandths of the budget. */
export function seriesOf({ curve, runs, metrics, experiment, ...times }: TrackedExperiment): readonly Point[] {
  const [startedAt, endedAt] = [secondsOf(times.startedAt), secondsOf(times.endedAt)];
  const points = curve?.points ?? [];
  const unit = curve?.unit === 'share' ? 1000 : 1;
  return [
    ...points.map(({ at, loss }, index) => ({
      name: 'train/loss',
      step: Math.round(at * unit),
      value: loss,
      at: startedAt + ((endedAt - startedAt) * index) / points.length,
    })),
    ...runs.flatMap((run) =>
      Object.entries(run.metrics).map(([name, value]) => ({
        name: `runs/${name}`,
        step: run.run,
        value,
        at: secondsOf(run.endedAt ?? run.startedAt ?? ''),
      })),
    ),
    ...Object.entries(metrics).map(([name, value]) => ({ name, step: experiment, value, at: endedAt })),
  ];
}

/** Seconds since 1970; 0 for a time that is none. */
export function secondsOf(time: string): number {
  const milliseconds = Date.parse(time);
  return Number.isNaN(milliseconds) ? 0 : milliseconds / 1000;
}
