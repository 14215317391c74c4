/**
 * The trackers that a study can be sent to, each with what opens it.
 */
import { join } from 'node:path';
import { csvTracker } from '../../adapters/trackers/csv.ts';
import { tensorboardTracker } from '../../adapters/trackers/tensorboard.ts';
import { SettingsError } from '../../core/base/errors.ts';
import type { Tracker } from '../../ports/tracker.ts';

export interface TrackerOptions {
  /** Absolute `runs/<tag>`. */
  readonly studyFolder: string;
  readonly tag: string;
  /** Folder to write into, for trackers that are files; default: one in the study's folder. */
  readonly out: string | undefined;
  /** Address of a server. */
  readonly uri: string | undefined;
  /** The name of the project there. */
  readonly project: string;
}

interface TrackerRow {
  /** What it is, for --help. */
  readonly what: string;
  /** The option that it takes beside those of all. */
  readonly takes: 'out' | 'uri';
  readonly open: (options: TrackerOptions) => Promise<Tracker>;
}

/** By name. */
export const trackers: Readonly<Record<string, TrackerRow>> = {
  csv: {
    what: 'three tables: experiments, runs, curves',
    takes: 'out',
    open: async (options) => csvTracker(folderOf(options, 'csv')),
  },
  tensorboard: {
    what: 'a log folder of TensorBoard',
    takes: 'out',
    open: async (options) => tensorboardTracker(folderOf(options, 'tensorboard')),
  },
  mlflow: {
    what: 'a server of MLflow: --uri, else MLFLOW_TRACKING_URI',
    takes: 'uri',
    open: async ({ uri = process.env.MLFLOW_TRACKING_URI, project, tag }) => {
      if (!uri) throw noServer;
      const { mlflowTracker } = await import('../../adapters/trackers/mlflow.ts');
      return mlflowTracker({ uri, name: `${project}/${tag}`, environment: process.env });
    },
  },
};

/** The row of a name. Throws a SettingsError for one that is none. */
export function findTracker(name: string): TrackerRow {
  const row = Object.hasOwn(trackers, name) ? trackers[name] : undefined;
  if (row) return row;
  throw new SettingsError(`--to must be one of ${Object.keys(trackers).join(', ')}, found ${JSON.stringify(name)}.`);
}

const noServer = new SettingsError('No MLflow server is named.', {
  hint: 'Name it with --uri, such as `nocturne export --to mlflow --uri http://localhost:5000`, or in MLFLOW_TRACKING_URI.',
});

function folderOf({ studyFolder, out }: TrackerOptions, name: string): string {
  return out ?? join(studyFolder, name);
}
