/**
 * The trackers that a study can be sent to, each with what opens it.
 */
import { join } from 'node:path';
import { SettingsError } from '../../core/base/errors.ts';
import type { Tracker } from '../../ports/tracker.ts';
import { ask } from '../terminal/ask.ts';
import { say } from '../terminal/print.ts';

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
  /** The Python of the study. */
  readonly interpreter: string;
  /** Whether a package that is needed may be installed without asking. */
  readonly isYes: boolean;
}

interface TrackerRow {
  /** What it is, for --help. */
  readonly what: string;
  /** The option that says where. */
  readonly takes: 'out' | 'uri' | 'project';
  readonly open: (options: TrackerOptions) => Promise<Tracker>;
}

/** By name. */
export const trackers: Readonly<Record<string, TrackerRow>> = {
  csv: {
    what: 'three tables: experiments, runs, curves',
    takes: 'out',
    open: async (options) => {
      const { csvTracker } = await import('../../adapters/trackers/csv.ts');
      return csvTracker(folderOf(options, 'csv'));
    },
  },
  tensorboard: {
    what: 'a log folder of TensorBoard',
    takes: 'out',
    open: async (options) => {
      const { tensorboardTracker } = await import('../../adapters/trackers/tensorboard.ts');
      return tensorboardTracker(folderOf(options, 'tensorboard'));
    },
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
  wandb: {
    what: 'offline runs of Weights & Biases, for `wandb sync`',
    takes: 'out',
    open: async (options) => {
      const python = await pythonWith('wandb', options);
      const { wandbTracker } = await import('../../adapters/trackers/python-tracker.ts');
      return wandbTracker({ ...options, python, lock: lockOf(options) }, folderOf(options, 'wandb'));
    },
  },
  trackio: {
    what: "trackio's database on this machine",
    takes: 'project',
    open: async (options) => {
      const python = await pythonWith('trackio', options);
      const { trackioTracker } = await import('../../adapters/trackers/python-tracker.ts');
      return trackioTracker({ ...options, python, lock: lockOf(options) });
    },
  },
};

/** The row of a name. Throws a SettingsError for one that is none. */
export function findTracker(name: string): TrackerRow {
  const row = Object.hasOwn(trackers, name) ? trackers[name] : undefined;
  if (row) return row;
  throw new SettingsError(`--to must be one of ${Object.keys(trackers).join(', ')}, found ${JSON.stringify(name)}.`);
}

function lockOf({ studyFolder }: TrackerOptions): string {
  return join(studyFolder, 'export.lock');
}

/** A Python that has the package: the study's, else one of our own, into which it is installed when the owner says yes. */
async function pythonWith(name: string, { interpreter, isYes }: TrackerOptions): Promise<string> {
  const { findPackage, installPackage } = await import('../../adapters/python/find-package.ts');
  const found = await findPackage(name, interpreter, process.env);
  if (found !== undefined) return found;
  const answer = isYes
    ? 'y'
    : await ask(`${interpreter} has no ${name}. Install it into an environment of its own? [Y/n] `);
  if (answer !== undefined && /^(y|yes|)$/i.test(answer)) return installPackage(name, interpreter, process.env, say);
  throw new SettingsError(`\`--to ${name}\` needs the Python package ${name}, which ${interpreter} lacks.`, {
    hint: `\`--yes\` installs it into an environment of its own; \`${interpreter} -m pip install ${name}\` into the study's.`,
  });
}

const noServer = new SettingsError('No MLflow server is named.', {
  hint: 'Name it with --uri, such as `nocturne export --to mlflow --uri http://localhost:5000`, or in MLFLOW_TRACKING_URI.',
});

function folderOf({ studyFolder, out }: TrackerOptions, name: string): string {
  return out ?? join(studyFolder, name);
}
