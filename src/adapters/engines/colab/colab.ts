/**
 * Runs jobs on machines of Google Colab through Google's own `colab` CLI, one job at a time on each. A machine is asked for when a job
 * needs it, and released when the session ends.
 */
import { join } from 'node:path';
import { createTurns } from '../../../core/base/turns.ts';
import type { Engine, Job, JobReader, JobState } from '../../../ports/engine.ts';
import { contentOf } from '../../files/read-json.ts';
import { localJobs, readJobEnd } from '../job-files.ts';
import { neverStarted, pollUntilOver, within } from '../job-states.ts';
import { jobsHere } from '../log-tail.ts';
import type { Packer } from '../travel/parcel.ts';
import { colabFolder, releaseMachines } from './leftovers.ts';
import { openMachine } from './machine.ts';
import { openPool } from './pool.ts';
import { type ColabAuth, openColabProgram } from './program.ts';
import { lostAs, readTripNote, setOut, type Trip, writeTripNote } from './trip.ts';

export interface ColabEngineOptions {
  readonly packer: Packer;
  /** Absolute folder of the study; notes of its machines are in `colab/` below it. */
  readonly studyFolder: string;
  /** Name of the study. */
  readonly tag: string;
  /** Absolute path of the python that unpacks here what came home. */
  readonly python: string;
  readonly slots: number;
  readonly gpu: string;
  readonly packages: readonly string[];
  readonly program: string;
  readonly auth: ColabAuth;
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly tell: (message: string) => void;
  /** Seconds before a refused request is made again at first (default: 30). */
  readonly patienceSeconds?: number;
}

/** Reads the jobs of the engine from their folders; works in any process. */
export const colabJobs: JobReader = {
  ...localJobs,
  wasStarted: async (job) => (await localJobs.wasStarted(job)) || (await readTripNote(job)) !== undefined,
};

/** The engine of a study; asks for no machine before a job needs one. */
export function createColabEngine(options: ColabEngineOptions): Engine {
  const { packer, studyFolder, tag, python, slots, tell, patienceSeconds = 30 } = options;
  const folder = colabFolder(studyFolder);
  const machines = Array.from({ length: slots }, (_, index) => {
    // One queue of calls for each machine: they know nothing of one another.
    const colab = openColabProgram({ ...options, stateFile: join(folder, 'sessions.json') });
    return openMachine({ ...options, colab, folder, name: `nocturne-${tag}-${index}`, patienceSeconds });
  });
  const pool = openPool(machines);
  const trips = new Map<string, Trip>();
  const inTurn = createTurns();

  async function tripOf(job: Job): Promise<Trip | undefined> {
    const known = trips.get(job.folder);
    const note = await readTripNote(job);
    if (known || !note || note.lost) return known;
    return begin(job);
  }

  function begin(job: Job): Trip {
    const trip = trips.get(job.folder) ?? setOut(job, { packer, python, tell, ...pool });
    trips.set(job.folder, trip);
    return trip;
  }

  async function stateOf(job: Job): Promise<JobState> {
    const end = contentOf(await readJobEnd(job));
    if (end) return { kind: 'ended', end };
    const note = await readTripNote(job);
    if (!note) trips.delete(job.folder);
    if (!note || note.lost) return note?.lost ? lostAs(note.lost) : neverStarted;
    const trip = await tripOf(job);
    if (trip?.error()) throw trip.error();
    return trip?.state() ?? neverStarted;
  }

  function poll(job: Job, waitSeconds: number): Promise<JobState> {
    return pollUntilOver(
      waitSeconds,
      () => stateOf(job),
      (left) => within(left, trips.get(job.folder)?.changed()),
    );
  }

  async function close(): Promise<void> {
    for (const trip of trips.values()) trip.leave();
    // By the notes, since a session with more slots may have left more machines.
    await releaseMachines(studyFolder, options.environment, tell);
  }

  return {
    ...colabJobs,
    ...jobsHere,
    slots,
    // One after the other: of two submissions at once the second finds the first.
    submit: (job) =>
      inTurn(async () => {
        if (await colabJobs.wasStarted(job)) return void (await tripOf(job));
        trips.delete(job.folder);
        await writeTripNote(job, {});
        begin(job);
      }),
    poll,
    cancel: async (job) => {
      if (contentOf(await readJobEnd(job)) || !(await colabJobs.wasStarted(job))) return;
      await (await tripOf(job))?.cancel();
    },
    close,
    abandon: () => {
      for (const { lease } of machines) lease.abandon();
    },
  };
}
