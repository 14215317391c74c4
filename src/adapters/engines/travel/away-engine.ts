/**
 * Runs jobs through a scheduler on other machines. The supervisor's `result.json` is the truth there too; what the scheduler says
 * explains why there is none, and what a job waits for. Who cannot be reached is waited for.
 */
import { randomBytes } from 'node:crypto';
import { setTimeout } from 'node:timers/promises';
import type { Engine, Job, JobState } from '../../../ports/engine.ts';
import { contentOf } from '../../files/read-json.ts';
import { forgetStart, readJobEnd, readJobStart, runningStage, writeJobEnd } from '../job-files.ts';
import { endOf, isOver, lost, lostByMachine, neverStarted, pollUntilOver } from '../job-states.ts';
import { jobsHere } from '../log-tail.ts';
import { type AwayRecord, awayJobs, awayRecords } from './away-record.ts';
import { type Ground, type Look, type Scheduler, Unreachable } from './parts.ts';

export interface AwayEngineOptions {
  readonly scheduler: Scheduler;
  readonly ground: Ground;
  readonly slots: number;
  /** Tells the owner what is waited for. */
  readonly tell: (message: string) => void;
  readonly pace?: Partial<Pace> | undefined;
}

/** How long is waited, in milliseconds. */
export interface Pace {
  /** Between two looks at a job. */
  readonly look: number;
  /** Between two tries to submit a job that was not taken. */
  readonly retry: number;
  /** For the result of a job of which no process is left: file systems that machines share are late. */
  readonly grace: number;
  /** For a supervisor that was asked to end its job. */
  readonly ending: number;
}

const usualPace: Pace = { look: 1000, retry: 30_000, grace: 60_000, ending: 40_000 };

/** What this process remembers of a job; times are of its own clock, in milliseconds. */
interface Memory {
  /** When the scheduler may be asked to take it again. */
  retryAt: number;
  /** What it waits for. */
  why?: string | undefined;
  /** Whether the other side could not be reached when it was last asked. */
  isUnheard?: boolean;
  /** When it was first seen that no process of it is left, or that it has ended. */
  overAt?: number;
  /** When it began, as far as it was seen. */
  beganAt?: number;
}

/** The engine of a scheduler and a ground. */
export function createAwayEngine({ scheduler, ground, slots, tell, pace: given = {} }: AwayEngineOptions): Engine {
  const pace = { ...usualPace, ...given };
  const memories = new Map<string, Memory>();
  const underway = new Map<string, Promise<void>>();
  const memoryOf = (job: Pick<Job, 'folder'>): Memory => {
    const memory = memories.get(job.folder) ?? { retryAt: 0 };
    memories.set(job.folder, memory);
    return memory;
  };

  /** Two requests for one job at once are one. */
  async function submit(job: Job): Promise<void> {
    const running = underway.get(job.folder) ?? submitOnce(job).finally(() => underway.delete(job.folder));
    underway.set(job.folder, running);
    await running;
  }

  async function submitOnce(job: Job): Promise<void> {
    if (await awayJobs.wasStarted(job)) return;
    memories.delete(job.folder);
    await forgetStart(job);
    await reach(job, () => ground.forget(job));
    await ask(job, await awayRecords.make(job, { name: nameFor(job) }));
  }

  /** Asks the scheduler for a job that it has not taken. What the owner must mend is thrown, and the job then counts as not started. */
  async function ask(job: Job, record: AwayRecord): Promise<void> {
    memoryOf(job).retryAt = performance.now() + pace.retry;
    await reach(job, async () => {
      const command = await ground.lay(job);
      const found = await scheduler.find(record.name);
      const taken =
        found === undefined
          ? await scheduler.submit(job, command, record.name)
          : { kind: 'taken' as const, ref: found };
      if (taken.kind === 'later') return note(job, taken.why);
      await awayRecords.write(job, { ...record, ref: taken.ref });
      memoryOf(job).why = undefined;
    }).catch(async (error) => {
      await awayRecords.forget(job);
      throw error;
    });
  }

  /** Does what needs the other side; where that cannot be reached, the job waits. */
  async function reach<Result>(job: Job, act: () => Promise<Result>): Promise<Result | undefined> {
    try {
      const result = await act();
      memoryOf(job).isUnheard = false;
      return result;
    } catch (error) {
      if (!(error instanceof Unreachable)) throw error;
      note(job, error.message);
      memoryOf(job).isUnheard = true;
      return undefined;
    }
  }

  function note(job: Job, why: string): void {
    const memory = memoryOf(job);
    if (memory.why !== why) tell(`Run ${job.id} waits: ${why}.`);
    memory.why = why;
  }

  function poll(job: Job, waitSeconds: number): Promise<JobState> {
    return pollUntilOver(
      waitSeconds,
      () => stateOf(job),
      (left) => setTimeout(Math.min(pace.look, left)),
    );
  }

  async function stateOf(job: Job): Promise<JobState> {
    const record = await awayRecords.find(job);
    // One without a record ran on this machine, for an earlier session.
    if (record === undefined || record.isSettled) return settledState(job, record);
    if (record.ref === undefined) return stateBefore(job, record);
    const { ref } = record;
    const state = await reach(job, () => stateOfTaken(job, { ...record, ref }));
    return state ?? ((await hasStarted(job)) ? underwayState(job) : queued(job));
  }

  async function stateBefore(job: Job, record: AwayRecord): Promise<JobState> {
    if (record.isCancelled) return settle(job, record, undefined);
    if (performance.now() >= memoryOf(job).retryAt) await ask(job, record);
    return queued(job);
  }

  function queued(job: Job): JobState {
    const { why, isUnheard } = memoryOf(job);
    return { kind: 'queued', why, ...(isUnheard && { isUnheard }) };
  }

  async function stateOfTaken(job: Job, record: AwayRecord & { ref: string }): Promise<JobState> {
    const progress = await ground.look(job);
    if (progress.hasEnded) {
      return (await ground.bringHome(job)) ? stateAtHome(job, record) : underwayState(job);
    }
    const look = await scheduler.look(record.ref, record.name);
    if (look.kind === 'gone')
      return hadGrace(job) || record.isCancelled ? settle(job, record, look) : underwayState(job);
    delete memoryOf(job).overAt;
    if (record.isCancelled) await askToEnd(job, record);
    const isWaiting = look.kind === 'waiting' && !progress.hasStarted;
    if (isWaiting && !look.isUsual) note(job, look.why);
    else memoryOf(job).why = undefined;
    return isWaiting ? { kind: 'queued', why: look.why } : underwayState(job);
  }

  /** Again from time to time, as where it could not be reached when the study wanted it ended. */
  async function askToEnd(job: Job, { ref, name }: AwayRecord & { ref: string }): Promise<void> {
    const memory = memoryOf(job);
    if (performance.now() < memory.retryAt) return;
    memory.retryAt = performance.now() + pace.ending;
    await scheduler.end(ref, 'asked', name);
  }

  /** Its result is here. One that a signal brought about says nothing of the candidate where the scheduler sent the signal. */
  async function stateAtHome(job: Job, record: AwayRecord & { ref: string }): Promise<JobState> {
    const end = contentOf(await readJobEnd(job));
    // At the job's own deadline it was the supervisor that sent the signal.
    const wasKilled = end?.ending === 'exited' && (end.stages.at(-1)?.signal ?? null) !== null;
    const isSignalled = end?.ending === 'cancelled' || wasKilled;
    if (!isSignalled || record.isCancelled) return settle(job, record, undefined);
    const look = await scheduler.look(record.ref, record.name);
    if (look.kind !== 'gone') return hadGrace(job) ? settle(job, record, undefined) : underwayState(job);
    return settle(job, record, look.isOfEngine ? look : undefined);
  }

  /** Whether all that may still come had the time to come; counts from the first call on. */
  function hadGrace(job: Job): boolean {
    const memory = memoryOf(job);
    memory.overAt ??= performance.now();
    return performance.now() - memory.overAt >= pace.grace;
  }

  async function settle(job: Job, record: AwayRecord, look: (Look & { kind: 'gone' }) | undefined): Promise<JobState> {
    const hasEnd = (await readJobEnd(job)).kind !== 'absent';
    if (record.isCancelled && !hasEnd)
      await writeJobEnd(job, { ending: 'cancelled', stages: [], seconds: elapsed(job) });
    const settled = { ...record, isSettled: true, ...(look && !record.isCancelled ? lossOf(look) : {}) };
    await awayRecords.write(job, settled);
    return settledState(job, settled);
  }

  async function settledState(job: Job, record: AwayRecord | undefined): Promise<JobState> {
    if (record?.loss !== undefined) return (record.isLostByMachine ? lostByMachine : lost)(record.loss);
    return (await endOf(job)) ?? (record ? lost('it left no result') : neverStarted);
  }

  async function hasStarted(job: Job): Promise<boolean> {
    return contentOf(await readJobStart(job)) !== undefined;
  }

  async function underwayState(job: Job): Promise<JobState> {
    const memory = memoryOf(job);
    const start = contentOf(await readJobStart(job));
    if (start) memory.beganAt ??= performance.now() - Math.max(0, Date.now() - Date.parse(start.startedAt));
    return { kind: 'running', elapsedSeconds: elapsed(job), stage: await runningStage(job) };
  }

  function elapsed(job: Job): number {
    const { beganAt } = memoryOf(job);
    return beganAt === undefined ? 0 : (performance.now() - beganAt) / 1000;
  }

  async function cancel(job: Job): Promise<void> {
    const record = await awayRecords.find(job);
    if (record === undefined || record.isSettled) return;
    if (record.ref !== undefined && (await stateOf(job)).kind === 'ended') return;
    const { ref, name } = record;
    await awayRecords.write(job, { ...record, isCancelled: true });
    memoryOf(job).retryAt = performance.now() + pace.ending;
    for (const how of ['asked', 'forced'] as const) {
      if (ref !== undefined) await reach(job, () => scheduler.end(ref, how, name));
      if (isOver(await poll(job, pace.ending / 1000))) return;
    }
  }

  return {
    ...awayJobs,
    ...jobsHere,
    slots,
    submit,
    poll,
    cancel,
  };
}

function lossOf({ why, isOfEngine }: Look & { kind: 'gone' }): Partial<AwayRecord> {
  return { loss: why, ...(isOfEngine && { isLostByMachine: true }) };
}

/** Another one for each submission: a job that is laid out anew is not to be taken for the earlier one. */
function nameFor({ id }: Job): string {
  return `nocturne-${id.replace(/[^\w.]+/g, '-')}-${randomBytes(4).toString('hex')}`;
}
