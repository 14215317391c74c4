/**
 * A study as a log folder of TensorBoard: one run, as TensorBoard calls it, for each experiment, each in one file that is
 * written whole.
 */
import { join } from 'node:path';
import { formatExperiment } from '../../core/base/format.ts';
import type { TrackedExperiment } from '../../core/views/tracked-study.ts';
import type { Tracker } from '../../ports/tracker.ts';
import { exists } from '../files/exists.ts';
import { makeFolder } from '../files/make-folder.ts';
import { writeOwners } from '../files/write-owners.ts';
import { eventFile } from './event-file.ts';
import { secondsOf, seriesOf } from './series.ts';

/** Writes below a folder, which TensorBoard is started with: `tensorboard --logdir FOLDER`. */
export function tensorboardTracker(folder: string): Tracker {
  return {
    place: folder,
    has: (experiment) => exists(pathOf(folder, experiment)),
    send: async (experiments, sent, signal) => {
      for (const experiment of experiments) {
        signal?.throwIfAborted();
        await makeFolder(join(folder, formatExperiment(experiment.experiment)));
        await writeOwners(pathOf(folder, experiment), contentOf(experiment), { isDurable: false });
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
  return eventFile(startedAt, hyperparameters, seriesOf(tracked));
}
