/**
 * Runs jobs on a machine in the cloud that SkyPilot rents for the study and gives back at its end.
 *
 * A run waits while there is no machine to be had; one that ran on a machine that vanished is lost, and the next gets another machine.
 */
import { setTimeout } from 'node:timers/promises';
import { createTurns, type Turns } from '../../../core/base/turns.ts';
import type { Engine, Job, JobReader, JobState } from '../../../ports/engine.ts';
import { localJobs, readJobEnd, writeJobEnd } from '../job-files.ts';
import { endOf, isOver, lostByMachine, neverStarted, pollUntilOver, within } from '../job-states.ts';
import { jobsHere } from '../log-tail.ts';
import { SkyTrouble } from './sky-cli.ts';
import { createJobsThere, type JobsOptions } from './sky-job.ts';
import { createSkyMachine, type Held, type MachineOptions } from './sky-machine.ts';
import { freshRecord, type SkyRecord, skyRecords } from './sky-record.ts';
import { NoAnswer } from './sky-shell.ts';

export interface SkyEngineOptions extends MachineOptions, JobsOptions {
  readonly slots: number;
  /** Seconds without an answer of the machine after which the cloud is asked whether it is there still (default 20). */
  readonly silenceSeconds?: number;
  /** Seconds between two looks at a job (default 2). */
  readonly lookSeconds?: number;
}

/** What this process knows of a job. */
interface Known {
  state: JobState;
  lookedAt: number;
  /** Whatever is done with the job is done in turn. */
  readonly inTurn: Turns;
}

/** Reads the jobs of a rented machine from their folders; asks nobody. */
export const skyJobs: JobReader = {
  wasStarted: async (job) => (await skyRecords.find(job)) !== undefined || localJobs.wasStarted(job),
  readLogEnd: localJobs.readLogEnd,
};

/** The engine of one study. */
export function createSkyEngine(options: SkyEngineOptions): Engine {
  const { slots, tell, silenceSeconds = 20, lookSeconds = 2 } = options;
  const machine = createSkyMachine(options);
  const jobs = createJobsThere(options);
  const known = new Map<string, Known>();
  const vanished = new Set<string>();
  let silentSince: number | undefined;

  function knownOf(job: Job): Known {
    const found = known.get(job.folder);
    const made = found ?? { state: { kind: 'queued' }, lookedAt: Number.NEGATIVE_INFINITY, inTurn: createTurns() };
    known.set(job.folder, made);
    return made;
  }

  async function submit(job: Job): Promise<void> {
    if ((await readJobEnd(job)).kind !== 'absent') return;
    await skyRecords.make(job, freshRecord(job));
    const { state } = knownOf(job);
    // A job whose folder was removed is another one.
    if (isOver(state)) known.delete(job.folder);
    machine.need();
  }

  function poll(job: Job, waitSeconds: number): Promise<JobState> {
    return pollUntilOver(
      waitSeconds,
      async (left) => (await overHere(job)) ?? (await within(left, look(job))) ?? knownOf(job).state,
      (left) => setTimeout(Math.min(200, left)),
    );
  }

  /** One look at the job at most every few seconds; what has to be done first, such as sending it, is done. */
  function look(job: Job): Promise<JobState> {
    const of = knownOf(job);
    return of.inTurn(async () => {
      if (performance.now() - of.lookedAt < lookSeconds * 1000) return of.state;
      of.state = await lookNow(job, of.state);
      of.lookedAt = performance.now();
      return of.state;
    });
  }

  async function lookNow(job: Job, before: JobState): Promise<JobState> {
    const end = await endOf(job);
    if (end) return end;
    const record = await skyRecords.find(job);
    if (!record) return neverStarted;
    if (record.machine !== undefined && vanished.has(record.machine)) return gone;
    const need = machine.need();
    if (need.kind === 'waiting') return before.kind === 'running' ? before : { kind: 'queued', why: need.why };
    if (record.number !== undefined && record.machine !== need.held.hash) return gone;
    return answered(job, need.held, before, async () => {
      const submitted = record.number === undefined ? await jobs.submit(job, record, need.held) : record;
      return jobs.look(job, submitted, need.held);
    });
  }

  /** What the action says; the state before where the machine does not answer, and lost where it vanished. */
  async function answered(job: Job, held: Held, before: JobState, act: () => Promise<JobState>): Promise<JobState> {
    try {
      const state = await act();
      // A machine that is taken back ends its processes first.
      if (state.kind === 'lost' && (await machine.hasVanished(held))) return goneFrom(job, held);
      if (silentSince !== undefined) tell(`The machine ${held.name} answers again.`);
      silentSince = undefined;
      return state;
    } catch (error) {
      if (!(error instanceof NoAnswer || error instanceof SkyTrouble)) throw error;
      if (silentSince === undefined)
        tell(`The machine ${held.name} does not answer (${error.message}): its runs are waited for.`);
      silentSince ??= performance.now();
      if (performance.now() - silentSince < silenceSeconds * 1000) return before;
      if (!(await machine.hasVanished(held).catch(() => false))) return before;
      return goneFrom(job, held);
    }
  }

  /** The state of a job whose machine vanished: lost, unless it was never given to it. */
  async function goneFrom(job: Job, { name, hash }: Held): Promise<JobState> {
    if (!vanished.has(hash)) tell(`The machine ${name} is gone, as its cloud says. The next run gets another.`);
    vanished.add(hash);
    silentSince = undefined;
    return (await skyRecords.find(job))?.machine === undefined ? { kind: 'queued' } : gone;
  }

  async function cancel(job: Job): Promise<void> {
    await knownOf(job).inTurn(async () => {
      const record = await skyRecords.find(job);
      if (!record || (await endOf(job))) return;
      if (record.machine !== undefined) await cancelOn(record.machine, job, record);
      if ((await endOf(job)) === undefined) await writeJobEnd(job, { ending: 'cancelled', stages: [], seconds: 0 });
    });
  }

  /** Ends the job on the machine that has it; never rents one for that. */
  async function cancelOn(hash: string, job: Job, record: SkyRecord): Promise<void> {
    const held = machine.held();
    if (vanished.has(hash)) return;
    try {
      if (held?.hash === hash) await jobs.cancel(job, record, held);
      else if (!(await machine.endLeftover())) tell(unheard(job));
    } catch {
      tell(unheard(job));
    }
  }

  return {
    ...skyJobs,
    ...jobsHere,
    slots,
    submit,
    poll,
    cancel,
    close: () => machine.giveBack().catch((error: unknown) => tell(keptText(error))),
    abandon: machine.abandon,
  };
}

const gone = lostByMachine('its machine vanished');

/** How the job ended, as far as its folder says so; lost where it was never given to this engine. */
async function overHere(job: Job): Promise<JobState | undefined> {
  const end = await endOf(job);
  return end ?? ((await skyRecords.find(job)) ? undefined : neverStarted);
}

function unheard({ id }: Job): string {
  return `Run ${id} could not be told to stop: it ends with its machine, or at its time limit.`;
}

/** What is told where a machine may be rented still. */
export function keptText(error: unknown): string {
  const why = error instanceof Error ? error.message : String(error);
  return `The machine that SkyPilot rented may be there still: ${why}. The next start or \`nocturne stop\` gives it back; it deletes itself when it is idle.`;
}
