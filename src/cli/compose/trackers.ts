/**
 * The trackers that a study can be sent to, each with what opens it.
 */
import { basename, dirname, join, resolve } from 'node:path';
import { SettingsError } from '../../core/base/errors.ts';
import { type TrackerName, trackerNames } from '../../core/base/names.ts';
import type { Trackers } from '../../core/journal/settings/trackers.ts';
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

/** A tracker that is ready to take a study. */
export interface OpenTracker {
  readonly name: TrackerName;
  readonly tracker: Tracker;
}

interface TrackerRow {
  /** What it is, for --help. */
  readonly what: string;
  /** The option that says where. */
  readonly takes: 'out' | 'uri' | 'project';
  /** The Python package without which it cannot be opened. */
  readonly needs?: string;
  readonly open: (options: TrackerOptions) => Promise<Tracker>;
}

/** By name. */
export const trackers: Readonly<Record<TrackerName, TrackerRow>> = {
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
    needs: 'wandb',
    open: async (options) => {
      const python = await pythonWith('wandb', options);
      const { wandbTracker } = await import('../../adapters/trackers/python-tracker.ts');
      return wandbTracker({ ...options, python, lock: lockOf(options) }, folderOf(options, 'wandb'));
    },
  },
  trackio: {
    what: "trackio's database on this machine",
    takes: 'project',
    needs: 'trackio',
    open: async (options) => {
      const python = await pythonWith('trackio', options);
      const { trackioTracker } = await import('../../adapters/trackers/python-tracker.ts');
      return trackioTracker({ ...options, python, lock: lockOf(options) });
    },
  },
};

/** The tracker of a name. Throws a SettingsError for one that is none. */
export function readTrackerName(asked: string): TrackerName {
  const name = trackerNames.find((known) => known === asked);
  if (name) return name;
  throw new SettingsError(`--to must be one of ${trackerNames.join(', ')}, found ${JSON.stringify(asked)}.`);
}

/** What the trackers of a brief belong to. */
export interface StudyPlace {
  /** Absolute folder of the brief, from which folders in it are named, and `runs/` in that. */
  readonly folder: string;
  readonly runs: string;
  readonly tag: string;
  readonly interpreter: string;
  readonly isYes: boolean;
}

/** Opens those of a brief. A SettingsError says what one of them lacks. */
export async function openTrackers(places: Trackers, study: StudyPlace): Promise<readonly OpenTracker[]> {
  const opened: OpenTracker[] = [];
  for (const name of trackerNames) {
    const place = places[name];
    if (place !== undefined)
      opened.push({ name, tracker: await trackers[name].open(trackerOptions(name, place, study)) });
  }
  return opened;
}

/** What opens a tracker at the place that a brief names, or at its usual one where that is empty. */
export function trackerOptions(name: TrackerName, place: string, study: StudyPlace): TrackerOptions {
  const { takes } = trackers[name];
  const placeFor = (option: TrackerRow['takes']) => (takes === option && place !== '' ? place : undefined);
  const out = placeFor('out');
  return {
    studyFolder: join(study.runs, study.tag),
    tag: study.tag,
    // A brief has many studies, whose experiments have the same numbers.
    out: out === undefined ? undefined : resolve(study.folder, out, study.tag),
    uri: placeFor('uri'),
    project: placeFor('project') ?? projectOf(study.runs),
    interpreter: study.interpreter,
    isYes: study.isYes,
  };
}

/** The project of studies that name none: the name of the brief's folder. */
function projectOf(runs: string): string {
  return basename(dirname(runs));
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
    : await ask(`The tracker ${name} needs its Python package. Install it into an environment of its own? [Y/n] `);
  if (answer !== undefined && /^(y|yes|)$/i.test(answer)) return installPackage(name, interpreter, process.env, say);
  throw new SettingsError(`The tracker ${name} needs the Python package ${name}, which ${interpreter} lacks.`, {
    hint: `\`--yes\` installs it into an environment of its own; \`${interpreter} -m pip install ${name}\` into the study's.`,
  });
}

const noServer = new SettingsError('No MLflow server is named.', {
  hint: 'Name it in MLFLOW_TRACKING_URI, in the brief as `trackers: { mlflow: "http://localhost:5000" }`, or with `nocturne export --to mlflow --uri http://localhost:5000`.',
});

function folderOf({ studyFolder, out }: TrackerOptions, name: string): string {
  return out ?? join(studyFolder, name);
}
