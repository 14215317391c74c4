/**
 * Runs jobs on a Ray cluster through its Jobs REST API: each is one Ray job, under the supervisor that travels with it.
 *
 * Ray runs one job of an id, so that a second submission finds the first. It hands back nothing but what a job prints: logs and what
 * training saved come home that way. A cluster that does not answer is waited for; a job that it no longer knows is lost.
 */
import { rm } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { SettingsError } from '../../../core/base/errors.ts';
import { createTurns, type Turns } from '../../../core/base/turns.ts';
import type { Engine, Job, JobReader, JobState } from '../../../ports/engine.ts';
import { localJobs, readJobEnd, writeJobEnd } from '../job-files.ts';
import { endOf, lost, lostByMachine, neverStarted, pollUntilOver } from '../job-states.ts';
import { jobsHere } from '../log-tail.ts';
import { bringHome } from '../travel/bring-home.ts';
import type { Packer } from '../travel/parcel.ts';
import { type Follower, followJob } from './follow-job.ts';
import type { RayApi, RayJobInfo } from './ray-api.ts';
import { type Conclusion, concludeWithoutResult } from './ray-end.ts';
import { Unreachable } from './ray-http.ts';
import { watchOutage } from './ray-outage.ts';
import { freshRecord, type RayRecord, rayRecords, submissionId } from './ray-record.ts';
import type { RaySettings } from './ray-settings.ts';
import { createSubmitter } from './submit-job.ts';

export interface RayEngineOptions {
  readonly api: RayApi;
  /** As the owner knows it. */
  readonly address: string;
  readonly settings: RaySettings;
  readonly packer: Packer;
  /** Absolute `runs/<tag>`. */
  readonly studyFolder: string;
  /** The python that unpacks what comes home. */
  readonly python: string;
  readonly slots: number;
  readonly tell: (message: string) => void;
}

/** What this process knows of a job. */
interface Known {
  /** The id that is followed. */
  readonly id: string;
  readonly follower: Follower;
  /** How often the log of an ended job could not be read. */
  misses: number;
  lookedAt: number;
  state: JobState;
  /** Whatever is done with the job is done in turn. */
  readonly inTurn: Turns;
}

/** Most bytes of what training saved that come back; a log line of Ray carries each. */
const outputBytes = 512 * 1024 * 1024;
/** Seconds between two looks at a job. */
const lookSeconds = 1;
/** Seconds that a job may take to end once it was stopped: Ray kills it after three. */
const stopSeconds = 20;
const missesOfGoneLog = 5;
const ends: readonly RayJobInfo['status'][] = ['STOPPED', 'SUCCEEDED', 'FAILED'];

/** Reads the jobs of a Ray cluster from their folders; asks no cluster. */
export const rayJobs: JobReader = {
  wasStarted: async (job) => (await rayRecords.read(job)).kind !== 'absent' || localJobs.wasStarted(job),
  readLogEnd: localJobs.readLogEnd,
};

/** The engine that runs jobs on one Ray cluster. */
export function createRayEngine(options: RayEngineOptions): Engine {
  const { api, address, packer, studyFolder, python, slots, tell } = options;
  const study = basename(studyFolder);
  const outage = watchOutage({ api, address, tell, folder: join(studyFolder, 'travel', 'ray-stops') });
  const submitter = createSubmitter({ ...options, study, outputBytes });
  const known = new Map<string, Known>();

  function knownOf(job: Job, record: RayRecord): Known {
    const id = submissionId(record);
    const found = known.get(job.folder);
    if (found?.id === id) return found;
    const follower = followJob(api, job, id, outputBytes);
    const inTurn = found?.inTurn ?? createTurns();
    const state: JobState = { kind: 'queued' };
    const fresh = { id, follower, misses: 0, lookedAt: Number.NEGATIVE_INFINITY, state, inTurn };
    known.set(job.folder, fresh);
    return fresh;
  }

  async function greet(): Promise<void> {
    try {
      await api.version();
    } catch (error) {
      if (!(error instanceof Unreachable)) throw error;
      throw new SettingsError(`No Ray cluster answers at ${address} (${error.message}).`, {
        hint: 'Start one with `ray start --head`, or name the dashboard of yours with --address or `ray: { address }`.',
      });
    }
  }

  async function submit(job: Job): Promise<void> {
    if ((await readJobEnd(job)).kind !== 'absent') return;
    const record = await rayRecords.make(job, freshRecord(job, study, address));
    if (!record.isSubmitted) await knownOf(job, record).inTurn(() => outage.through(() => submitNow(job)));
  }

  async function submitNow(job: Job): Promise<void> {
    const record = await rayRecords.find(job);
    if (!record || record.isSubmitted) return;
    try {
      await submitter.submit(job, record);
    } catch (error) {
      if (error instanceof SettingsError) await rayRecords.forget(job);
      throw error;
    }
  }

  function poll(job: Job, waitSeconds: number): Promise<JobState> {
    return pollUntilOver(
      waitSeconds,
      () => stateOf(job),
      (left) => setTimeout(Math.min(lookSeconds * 1000, left)),
    );
  }

  async function stateOf(job: Job): Promise<JobState> {
    const record = await rayRecords.find(job);
    const end = await endOf(job);
    if (end) return end;
    if (!record) return neverStarted;
    const of = knownOf(job, record);
    return of.inTurn(async () => {
      if (performance.now() - of.lookedAt >= lookSeconds * 1000) {
        of.state = (await outage.through(() => look(job, of))) ?? unheard(of.state);
        of.lookedAt = performance.now();
      }
      return withTime(of);
    });
  }

  /** One look at the job; submits it where that could not be done before. */
  async function look(job: Job, of: Known): Promise<JobState> {
    const record = await rayRecords.find(job);
    const end = await endOf(job);
    if (end || !record) return end ?? neverStarted;
    if (!record.isSubmitted) {
      await submitNow(job);
      return { kind: 'queued' };
    }
    const info = await api.find(of.id);
    if (!info) return lostByMachine(await whyUnknown(record));
    const conclusion = await conclude(job, record, info, of);
    if (conclusion.kind !== 'again') return conclusion;
    tell(`Run ${job.id} is submitted to the Ray cluster again: ${conclusion.why}.`);
    await rayRecords.write(job, { ...record, attempt: record.attempt + 1, isSubmitted: false });
    return { kind: 'queued' };
  }

  async function conclude(job: Job, record: RayRecord, info: RayJobInfo, of: Known): Promise<Conclusion> {
    if (info.status === 'PENDING') return { kind: 'queued', why: `Ray says: ${info.message ?? info.status}` };
    const hasEnded = ends.includes(info.status);
    const node = info.driver_node_id ?? undefined;
    const isRead = node !== undefined && (await of.follower.read(node, hasEnded));
    const end = await takeHome(job, of);
    if (end) return end;
    if (!hasEnded) return running(of);
    of.misses += 1;
    if (node !== undefined && !isRead && info.status !== 'FAILED' && of.misses < missesOfGoneLog) return running(of);
    try {
      return concludeWithoutResult(job, info, of.follower.now(), record.attempt);
    } catch (error) {
      if (error instanceof SettingsError) await rayRecords.forget(job);
      throw error;
    }
  }

  /** Brings home what the job left, if all of it has come. */
  async function takeHome(job: Job, of: Known): Promise<JobState | undefined> {
    const { home, left } = of.follower.now();
    if (home === undefined) return undefined;
    const isWhole = await bringHome(home, await packer.wayHome(job), python);
    await rm(home, { force: true });
    if (left !== undefined) {
      tell(
        `What run ${job.id} saved, ${mib(left)}, did not come back: ${mib(outputBytes)} is the most that does from a Ray cluster.`,
      );
    }
    return isWhole ? endOf(job) : lost('what it left came home damaged');
  }

  async function whyUnknown({ session }: RayRecord): Promise<string> {
    const { session_name: now } = await api.version();
    return now === session
      ? 'the Ray cluster knows it no longer'
      : 'the head of the Ray cluster was started anew, and its jobs ended with the old one';
  }

  async function cancel(job: Job): Promise<void> {
    const record = await rayRecords.find(job);
    if (!record) return;
    await knownOf(job, record).inTurn(() => cancelNow(job, knownOf(job, record)));
  }

  async function cancelNow(job: Job, of: Known): Promise<void> {
    if ((await readJobEnd(job)).kind !== 'absent') return;
    const isTold = await outage.through(async () => {
      await api.stop(of.id);
      await awaitStop(job, of);
      return true;
    });
    if (!isTold) {
      await outage.stopLater(of.id);
      tell(
        `Run ${job.id} cannot be stopped while the Ray cluster does not answer: it is when that answers, or at its time limit.`,
      );
    }
    if ((await readJobEnd(job)).kind !== 'absent') return;
    await writeJobEnd(job, { ending: 'cancelled', stages: [], seconds: elapsed(of) });
  }

  /** Waits until a job that was stopped has ended, or is still in the queue: there Ray ends it as soon as its turn has come. */
  async function awaitStop(job: Job, of: Known): Promise<void> {
    const until = performance.now() + stopSeconds * 1000;
    while (performance.now() < until) {
      const info = await api.find(of.id);
      if (!info || info.status === 'PENDING') return;
      if (ends.includes(info.status)) {
        if (info.driver_node_id) await of.follower.read(info.driver_node_id, true);
        await takeHome(job, of);
        return;
      }
      await setTimeout(200);
    }
  }

  return {
    ...rayJobs,
    ...jobsHere,
    slots,
    greet,
    submit,
    poll,
    cancel,
  };
}

/** The state where nothing was heard of it: what ran goes on, for all that is known. */
function unheard(before: JobState): JobState {
  return before.kind === 'queued' ? { ...before, isUnheard: true } : before;
}

function running(of: Known): JobState {
  return { kind: 'running', elapsedSeconds: elapsed(of), stage: of.follower.now().stage };
}

/** The state as it is now: a look may be a moment ago. */
function withTime(of: Known): JobState {
  return of.state.kind === 'running' ? running(of) : of.state;
}

function elapsed(of: Known): number {
  const { seconds, heard } = of.follower.now().elapsed;
  return seconds === 0 ? 0 : seconds + (performance.now() - heard) / 1000;
}

function mib(bytes: number): string {
  return `${Math.ceil(bytes / 1024 / 1024)} MiB`;
}
