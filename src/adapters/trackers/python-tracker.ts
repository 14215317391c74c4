/**
 * A tracker whose own Python package writes the runs: a script of ours gets an experiment a line, and answers the number of
 * each one that is there whole.
 */
import { createHash } from 'node:crypto';
import { existsSync, readdirSync } from 'node:fs';
import { constants, setPriority } from 'node:os';
import { execa } from 'execa';
import { StudyError } from '../../core/base/errors.ts';
import { plainText } from '../../core/base/plain-text.ts';
import type { TrackedExperiment } from '../../core/views/tracked-study.ts';
import type { Tracker } from '../../ports/tracker.ts';
import { packagePath } from '../package-root.ts';
import { seriesOf } from './series.ts';

export interface PythonOptions {
  /** A python that has the package. */
  readonly python: string;
  /** A file that one export at a time holds. */
  readonly lock: string;
  readonly project: string;
}

/** Offline runs of Weights & Biases in a folder, which `wandb sync` uploads. */
export function wandbTracker({ python, lock, project }: PythonOptions, folder: string): Tracker {
  const has = ({ id }: PythonRun) => existsSync(folder) && readdirSync(folder).some((name) => name.endsWith(`-${id}`));
  return pythonTracker({ python, script: 'export_wandb.py', args: [lock, folder, project], place: folder, has });
}

/** Runs in trackio's local database, which TRACKIO_DIR names or which lies where trackio puts it. */
export function trackioTracker({ python, lock, project }: PythonOptions): Tracker {
  const place = `project ${project} of trackio${process.env.TRACKIO_DIR ? ` in ${process.env.TRACKIO_DIR}` : ''}`;
  return pythonTracker({ python, script: 'export_trackio.py', args: [lock, project], place, has: () => true });
}

interface PythonTracker {
  readonly python: string;
  readonly script: string;
  readonly args: readonly string[];
  readonly place: string;
  readonly has: (run: PythonRun) => boolean;
}

function pythonTracker({ python, script, args, place, has }: PythonTracker): Tracker {
  return {
    place,
    has: async (experiment) => has(runOf(experiment)),
    send: async (experiments, sent, signal) => {
      const input = experiments.map((experiment) => `${JSON.stringify(runOf(experiment))}\n`).join('');
      const path = packagePath('src', 'python', script);
      const options = { input, reject: false, all: true, buffer: { stdout: false } } as const;
      const running = execa(python, [path, ...args], { ...options, ...(signal && { cancelSignal: signal }) });
      giveWay(running.pid);
      for await (const line of running.iterable()) {
        const experiment = experiments.find(({ experiment }) => String(experiment) === line);
        if (experiment) await sent(experiment);
      }
      const { failed, stderr, shortMessage } = await running;
      if (!failed) return;
      const said =
        plainText(stderr ?? '')
          .trim()
          .split('\n')
          .at(-1) || shortMessage;
      throw new StudyError(`${script} could not write to ${place}: ${said}`, {
        hint: 'What was sent until now is remembered; mend it and run this again.',
      });
    },
  };
}

/** Lets trainings go first: what is sent beside a run must not slow it down. */
function giveWay(pid: number | undefined): void {
  if (pid === undefined) return;
  try {
    setPriority(pid, constants.priority.PRIORITY_LOW);
  } catch {
    // It has ended already, which its exit code says.
  }
}

/** An experiment as the scripts take one. */
export interface PythonRun {
  readonly experiment: number;
  readonly id: string;
  readonly group: string;
  readonly name: string;
  readonly notes: string;
  readonly tags: readonly string[];
  readonly config: Readonly<Record<string, unknown>>;
  readonly series: readonly { readonly name: string; readonly points: readonly (readonly [number, number])[] }[];
  readonly summary: Readonly<Record<string, number>>;
  readonly patch?: string;
}

/** Characters of a name that trackers take. */
const maxName = 120;

/** As the scripts take it. */
export function runOf(tracked: TrackedExperiment): PythonRun {
  const { experiment, key, title, status, tags, params, metrics, patch } = tracked;
  const { study = '', hypothesis = '', reason = '', ...facts } = tags;
  const series = new Map<string, (readonly [number, number])[]>();
  for (const { name, step, value } of seriesOf(tracked)) series.set(name, [...(series.get(name) ?? []), [step, value]]);
  const hash = createHash('sha256').update(key).digest('hex').slice(0, 8);
  return {
    experiment,
    id: `${study.replace(/[^A-Za-z0-9_-]/g, '-')}-${experiment}-${hash}`,
    group: study,
    name: `${study} ${experiment} ${title}`.slice(0, maxName),
    notes: [hypothesis, reason].filter(Boolean).join('\n\n'),
    tags: [status],
    config: {
      ...namedFreely(params),
      nocturne: { ...facts, started_at: tracked.startedAt, ended_at: tracked.endedAt },
    },
    series: [...series].map(([name, points]) => ({ name, points })),
    summary: metrics,
    ...(patch !== undefined && { patch }),
  };
}

/** trackio refuses a name that begins with `_`, and with it the whole run; wandb keeps such names for itself. */
function namedFreely(params: TrackedExperiment['params']): TrackedExperiment['params'] {
  const entries = Object.entries(params);
  return Object.fromEntries(entries.map(([name, value]) => [name.startsWith('_') ? `knob${name}` : name, value]));
}
