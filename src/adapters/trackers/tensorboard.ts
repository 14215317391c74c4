/**
 * A study as a log folder of TensorBoard: one run, as TensorBoard calls it, for each experiment, each in one file that is
 * written whole.
 */
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { formatExperiment } from '../../core/base/format.ts';
import type { TrackedExperiment } from '../../core/views/tracked-study.ts';
import type { Tracker } from '../../ports/tracker.ts';
import { exists } from '../files/exists.ts';
import { writeWhole } from '../files/write-whole.ts';
import { eventFile, type Scalar } from './event-file.ts';

/** Writes below a folder, which TensorBoard is started with: `tensorboard --logdir FOLDER`. */
export function tensorboardTracker(folder: string): Tracker {
  return {
    place: folder,
    has: (experiment) => exists(pathOf(folder, experiment)),
    send: async (experiments, sent) => {
      for (const experiment of experiments) {
        await mkdir(join(folder, formatExperiment(experiment.experiment)), { recursive: true });
        await writeWhole(pathOf(folder, experiment), contentOf(experiment));
        await sent(experiment);
      }
    },
  };
}

/** TensorBoard knows its files by the name's beginning. */
function pathOf(folder: string, { experiment, startedAt }: TrackedExperiment): string {
  return join(folder, formatExperiment(experiment), `events.out.tfevents.${Math.floor(secondsOf(startedAt))}.nocturne`);
}

function contentOf(tracked: TrackedExperiment): Uint8Array {
  const [startedAt, endedAt] = [secondsOf(tracked.startedAt), secondsOf(tracked.endedAt)];
  const values = Object.entries(tracked.params).map(([name, value]) => [
    name,
    Array.isArray(value) ? JSON.stringify(value) : value,
  ]);
  const hasFailed = tracked.status === 'failed';
  const hyperparameters = { values: Object.fromEntries(values), startedAt, endedAt, hasFailed };
  return eventFile(startedAt, hyperparameters, scalarsOf(tracked, startedAt, endedAt));
}

/** The curve over its steps, or thousandths of the budget; each run's metrics over the runs; the measured ones at the experiment's number. */
function scalarsOf(
  { curve, runs, metrics, experiment }: TrackedExperiment,
  startedAt: number,
  endedAt: number,
): Scalar[] {
  const points = curve?.points ?? [];
  const unit = curve?.unit === 'share' ? 1000 : 1;
  return [
    ...points.map(({ at, loss }, index) => ({
      tag: 'train/loss',
      step: Math.round(at * unit),
      value: loss,
      at: startedAt + ((endedAt - startedAt) * index) / points.length,
    })),
    ...runs.flatMap((run) =>
      Object.entries(run.metrics).map(([name, value]) => ({
        tag: `runs/${name}`,
        step: run.run,
        value,
        at: secondsOf(run.endedAt ?? run.startedAt ?? ''),
      })),
    ),
    ...Object.entries(metrics).map(([tag, value]) => ({ tag, step: experiment, value, at: endedAt })),
  ];
}

/** Seconds since 1970; 0 for a time that is none. */
function secondsOf(time: string): number {
  const milliseconds = Date.parse(time);
  return Number.isNaN(milliseconds) ? 0 : milliseconds / 1000;
}
