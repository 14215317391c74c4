/**
 * Sends a study to a tracker: what was not sent yet, and what has changed since. One process at a time sends a study to a tracker.
 */
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { type RunLock, takeLock } from '../../adapters/run-lock.ts';
import { SettingsError } from '../../core/base/errors.ts';
import { type TrackedExperiment, trackedExperiments } from '../../core/views/tracked-study.ts';
import type { JobReader } from '../../ports/engine.ts';
import type { Tracker } from '../../ports/tracker.ts';
import { openJobReader } from '../compose/engines.ts';
import { openExportState } from '../study-folder/export-state.ts';
import { findCurve } from '../study-folder/read-curve.ts';
import { readPatch } from '../study-folder/read-experiment.ts';
import type { FoundStudy } from '../study-folder/studies.ts';
import { openCleaner } from './open-cleaner.ts';

/** What `nocturne export --json` prints. */
export interface Exported {
  readonly tag: string;
  readonly to: string;
  readonly place: string;
  /** Numbers of experiments: sent now, there before, and without their last word yet. */
  readonly sent: readonly number[];
  readonly before: readonly number[];
  readonly open: readonly number[];
}

export interface Sending {
  readonly to: string;
  readonly tracker: Tracker;
  /** Has the logs of the study's runs. */
  readonly jobs: JobReader;
  /** Makes a diff fit to leave this machine. */
  readonly clean: (text: string) => string;
  /** Whether a study of which all was sent is left as it is, without a look at what became of it there. */
  readonly isNewsOnly?: boolean;
  readonly signal?: AbortSignal;
}

/** Sends what is not there, after the fact. Throws a ResearchError where it cannot; what was sent until then is remembered. */
export async function exportStudy(study: FoundStudy, to: string, tracker: Tracker): Promise<Exported> {
  const jobs = openJobReader(study.history.session.engine);
  const { clean } = await openCleaner(study.briefArgument);
  return sendStudy(study, { to, tracker, jobs, clean });
}

/** The same with what the caller has at hand. */
export async function sendStudy(study: FoundStudy, sending: Sending): Promise<Exported> {
  const lock = await takeTurn(study, sending);
  try {
    return await sendAlone(study, sending);
  } finally {
    await lock.release();
  }
}

async function sendAlone(study: FoundStudy, sending: Sending): Promise<Exported> {
  const { to, tracker, isNewsOnly = false, signal } = sending;
  const { tag, folder, history } = study;
  const all = trackedExperiments(history);
  const settled = new Set(all.map(({ experiment }) => experiment));
  const open = history.experiments.map(({ experiment }) => experiment).filter((number) => !settled.has(number));
  const state = await openExportState(folder, to, tracker.place);
  const isOld = isNewsOnly && all.every(state.isSent);
  const [before, due] = [[] as TrackedExperiment[], [] as TrackedExperiment[]];
  for (const one of all) (isOld || (state.isSent(one) && (await tracker.has(one))) ? before : due).push(one);
  if (due.length > 0) await tracker.send(await withAttachments(study, due, sending), state.remember, signal);
  const numbers = (some: readonly TrackedExperiment[]) => some.map(({ experiment }) => experiment);
  return { tag, to, place: tracker.place, sent: numbers(due), before: numbers(before), open };
}

/** With the curve and the diff of each; secrets that a diff holds are marks, as in the journal. */
async function withAttachments(
  study: FoundStudy,
  experiments: readonly TrackedExperiment[],
  { jobs, clean }: Sending,
): Promise<readonly TrackedExperiment[]> {
  const found: TrackedExperiment[] = [];
  for (const one of experiments) {
    const { experiment } = one;
    const curve = one.runs.length === 0 ? undefined : await findCurve(study, jobs, experiment);
    const patch = clean(await readPatch(study, experiment));
    found.push({ ...one, ...(curve && { curve }), ...(patch !== '' && { patch }) });
  }
  return found;
}

/** How long another process may be at it before this one gives up. */
const maxWaitMilliseconds = 30_000;
const pauseMilliseconds = 200;

/** Two that look for a run at once, find none and make one each would leave two. */
async function takeTurn({ tag, folder }: FoundStudy, { to, signal }: Sending): Promise<RunLock> {
  const path = join(folder, `export-${to}.lock`);
  const now = () => new Date().toISOString();
  for (let waited = 0; ; waited += pauseMilliseconds) {
    let busy: SettingsError | undefined;
    const lock = await takeLock(path, now, ({ pid, host }) => {
      busy = new SettingsError(`Study ${tag} is being sent to ${to} by process ${pid} on ${host}.`, {
        hint: `Try again once it has ended; if there is no such process any more, remove ${path}.`,
      });
      return busy;
    }).catch((error: unknown) => {
      if (error !== busy || waited >= maxWaitMilliseconds || signal?.aborted) throw error;
      return undefined;
    });
    if (lock) return lock;
    await delay(pauseMilliseconds);
  }
}
