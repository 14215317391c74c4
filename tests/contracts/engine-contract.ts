/**
 * What every engine promises, as one suite to be run against any of them.
 */
import { rm } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import type { Engine, Job, JobEnd, JobReader, JobState } from '../../src/ports/engine.ts';
import { type Behaviour, contractJob, contractStudy, letGo, startsOf } from './engine-jobs.ts';

/** What a job does that any engine can be made to run: scores 1.5, exits with code 7, or runs until it is cancelled. */
export type BasicBehaviour = 'scores' | 'fails' | 'hangs';

/** An engine and jobs for it. */
export interface EngineWorld {
  readonly engine: Engine;
  /** An engine as a controller started later would make it. */
  readonly reopen: () => Engine;
  /** What a command that only looks opens, in a process of its own. */
  readonly reader: () => JobReader;
  /** A job with a train and a score stage that do so; default: one of the suite's own, in the study's folder. */
  readonly job?: (behaviour: BasicBehaviour) => Promise<Job>;
  /** How often the first stage of an ended job was started. */
  readonly starts?: (job: Job) => Promise<number>;
}

/** One that runs real processes, and what can happen to them. */
export interface MachineWorld extends EngineWorld {
  /** Submits the job from a process of its own, which then waits for it, and kills that process with SIGKILL. */
  readonly submitAndDie: (job: Job) => Promise<void>;
  /** Kills the job's supervisor with SIGKILL, wherever it runs. */
  readonly killSupervisor: (job: Job) => Promise<void>;
  /** How many processes of the job are alive, wherever it runs. */
  readonly survivors: (job: Job) => Promise<number>;
  /** Makes new jobs wait in the engine's queue until the function that it gives is called; absent where none ever waits. */
  readonly hold?: () => Promise<() => Promise<void>>;
  /** Takes the machine away on which jobs run, and gives it back; absent where that is the controller's own. */
  readonly loseNode?: () => Promise<() => Promise<void>>;
}

/** How long a job may take to its end, with the engine's own queue, seconds. */
const longEnough = 240;

async function lastStateOf(engine: Engine, job: Job): Promise<JobState> {
  const state = await engine.poll(job, longEnough);
  await engine.collect(job);
  return state;
}

async function endOf(engine: Engine, job: Job): Promise<JobEnd> {
  const state = await lastStateOf(engine, job);
  if (state.kind !== 'ended') throw new Error(`the job is ${JSON.stringify(state)}`);
  return state.end;
}

/** Waits until the training has printed a word. */
async function untilReady(engine: Engine, job: Job): Promise<void> {
  const look = async () => {
    const { kind } = await engine.poll(job, 0);
    return `${kind}: ${(await engine.tail(job, 'train', 0)).text}`;
  };
  await expect.poll(look, { timeout: longEnough * 1000, interval: 100 }).toBe('running: ready\n');
}

/** A world with the suite's own jobs, where it has none. */
async function withJobs<World extends EngineWorld>(makeWorldIn: (studyFolder: string) => Promise<World>) {
  const studyFolder = await contractStudy();
  const own = (behaviour: Behaviour, limitSeconds?: number) => contractJob(studyFolder, behaviour, limitSeconds);
  return { job: own, starts: startsOf, ...(await makeWorldIn(studyFolder)), ownJob: own };
}

/** Runs the suite against the engines that the function makes for a study in this folder. */
export function describeEngineContract(name: string, makeWorldIn: (studyFolder: string) => Promise<EngineWorld>): void {
  describe(`${name} keeps the engine contract`, () => {
    const makeWorld = () => withJobs(makeWorldIn);

    it('a job whose stages exit 0 ends with both of them', async () => {
      const { engine, job } = await makeWorld();
      const scoring = await job('scores');
      await engine.submit(scoring);
      const end = await endOf(engine, scoring);
      expect(end).toMatchObject({ ending: 'exited', stages: [{ name: 'train' }, { name: 'score' }] });
      expect(end.stages.map((stage) => [stage.exitCode, stage.signal])).toEqual([
        [0, null],
        [0, null],
      ]);
    });

    it('the score stage does not start when training fails', async () => {
      const { engine, job } = await makeWorld();
      const failing = await job('fails');
      await engine.submit(failing);
      const end = await endOf(engine, failing);
      expect(end).toMatchObject({ ending: 'exited', stages: [{ name: 'train', exitCode: 7, signal: null }] });
      expect(end.stages).toHaveLength(1);
      expect(await engine.tail(failing, 'score', 0)).toEqual({ text: '', next: 0 });
    });

    it('a job that is submitted twice starts once', async () => {
      const { engine, job, starts } = await makeWorld();
      const scoring = await job('scores');
      await Promise.all([engine.submit(scoring), engine.submit(scoring)]);
      await engine.submit(scoring);
      await endOf(engine, scoring);
      await engine.submit(scoring);
      expect(await starts(scoring)).toBe(1);
    });

    it('an engine that is made later finds the job and does not start it again', async () => {
      const { engine, reopen, job, starts } = await makeWorld();
      const scoring = await job('scores');
      await engine.submit(scoring);
      const end = await endOf(engine, scoring);
      const later = reopen();
      await later.submit(scoring);
      expect(await endOf(later, scoring)).toEqual(end);
      expect(await starts(scoring)).toBe(1);
    });

    it('a poll without waiting says that a job runs', async () => {
      const { engine, job } = await makeWorld();
      const hanging = await job('hangs');
      await engine.submit(hanging);
      expect(['queued', 'running']).toContain((await engine.poll(hanging, 0)).kind);
      await untilReady(engine, hanging);
      expect(await engine.poll(hanging, 0)).toMatchObject({ kind: 'running', stage: 'train' });
      await engine.cancel(hanging);
    });

    it('a poll without waiting says of each job that was never started that it is lost, however many they are', async () => {
      const { reopen, job } = await makeWorld();
      const engine = reopen();
      const never = await job('scores');
      const others = Array.from({ length: 30 }, (_, n) => ({ ...never, folder: `${never.folder}-${n}` }));
      const states = await Promise.all(others.map((other) => engine.poll(other, 0)));
      expect(states.map(({ kind }) => kind)).toEqual(others.map(() => 'lost'));
    });

    it('a poll waits no longer than it was told to', async () => {
      const { engine, job } = await makeWorld();
      const hanging = await job('hangs');
      await engine.submit(hanging);
      const ended: string[] = [];
      const poll = async (name: string, waitSeconds: number) => {
        expect(['queued', 'running']).toContain((await engine.poll(hanging, waitSeconds)).kind);
        ended.push(name);
      };
      await Promise.all([poll('long', 3), poll('short', 0.01)]);
      expect(ended).toEqual(['short', 'long']);
      await engine.cancel(hanging);
    });

    it('a cancelled job ends as cancelled, also for an engine that is made later', async () => {
      const { engine, reopen, job } = await makeWorld();
      const hanging = await job('hangs');
      await engine.submit(hanging);
      await engine.cancel(hanging);
      expect(await endOf(engine, hanging)).toMatchObject({ ending: 'cancelled' });
      await engine.cancel(hanging);
      expect(await endOf(reopen(), hanging)).toMatchObject({ ending: 'cancelled' });
    });

    it('a cancel does not change how a job has ended', async () => {
      const { engine, job } = await makeWorld();
      const scoring = await job('scores');
      await engine.submit(scoring);
      const end = await endOf(engine, scoring);
      await engine.cancel(scoring);
      expect(await endOf(engine, scoring)).toEqual(end);
    });

    it('a log is read on from where the last reading stopped', async () => {
      const { engine, job } = await makeWorld();
      const scoring = await job('scores');
      expect(await engine.tail(scoring, 'train', 0)).toEqual({ text: '', next: 0 });
      await engine.submit(scoring);
      await endOf(engine, scoring);
      const whole = await engine.tail(scoring, 'train', 0);
      expect(whole.text).toContain('---\nval_bpb: 1.5\n');
      const rest = await engine.tail(scoring, 'train', 5);
      expect(rest).toEqual({ text: whole.text.slice(5), next: whole.next });
      expect(await engine.tail(scoring, 'train', whole.next)).toEqual({ text: '', next: whole.next });
    });

    it('the end of a log has no more bytes than asked for, also for a process that only reads', async () => {
      const { engine, reader, job } = await makeWorld();
      const scoring = await job('scores');
      const { id, folder } = scoring;
      expect(await engine.readLogEnd(scoring, 'train', 100)).toBe('');
      await engine.submit(scoring);
      await endOf(engine, scoring);
      const { text } = await engine.tail(scoring, 'train', 0);
      expect(await engine.readLogEnd(scoring, 'train', 1000)).toBe(text);
      expect(await engine.readLogEnd(scoring, 'train', 12)).toBe(text.slice(-12));
      expect(await reader().readLogEnd({ id, folder }, 'train', 12)).toBe(text.slice(-12));
      expect(await reader().readLogEnd({ id, folder }, 'prepare', 12)).toBe('');
    });

    it.each(['scores', 'hangs'] as const)(
      'a job that %s counts as started from its submission on, also for a process that only reads',
      async (behaviour) => {
        const { engine, reader, job } = await makeWorld();
        const made = await job(behaviour);
        const { id, folder } = made;
        const isStarted = async () => [await engine.wasStarted(made), await reader().wasStarted({ id, folder })];
        expect(await isStarted()).toEqual([false, false]);
        await engine.submit(made);
        expect(await isStarted()).toEqual([true, true]);
        await engine.cancel(made);
        expect(await isStarted()).toEqual([true, true]);
      },
    );

    it('a job whose folder is removed is forgotten, and can be started again', async () => {
      const { engine, reopen, job } = await makeWorld();
      const hanging = await job('hangs');
      await engine.submit(hanging);
      await engine.cancel(hanging);
      await rm(hanging.folder, { recursive: true });
      expect(await engine.wasStarted(hanging)).toBe(false);
      expect(await reopen().poll(hanging, 0)).toMatchObject({ kind: 'lost' });
      await job('hangs');
      await engine.submit(hanging);
      await untilReady(engine, hanging);
      await engine.cancel(hanging);
    });

    it('collecting an ended job leaves its log in its folder', async () => {
      const { engine, job } = await makeWorld();
      const scoring = await job('scores');
      await engine.submit(scoring);
      await endOf(engine, scoring);
      await engine.collect(scoring);
      expect((await engine.tail(scoring, 'train', 0)).text).toContain('val_bpb: 1.5');
    });
  });
}

/** The same, and what is promised of real processes. */
export function describeMachineContract(
  name: string,
  makeWorldIn: (studyFolder: string) => Promise<MachineWorld>,
): void {
  describeEngineContract(name, makeWorldIn);
  describe(`${name} keeps the contract of machines`, () => {
    const makeWorld = async () => {
      const { ownJob, ...world } = await withJobs(makeWorldIn);
      return { ...world, job: ownJob, starts: startsOf };
    };

    it('a job that takes longer than its limit is ended, also where it ignores to be asked', async () => {
      const { engine, job, survivors } = await makeWorld();
      const hanging = await job('ignores', 2);
      await engine.submit(hanging);
      const end = await endOf(engine, hanging);
      expect(end).toMatchObject({ ending: 'deadline', stages: [{ name: 'train' }] });
      expect(end.stages).toHaveLength(1);
      await expect.poll(() => survivors(hanging), { timeout: 30_000 }).toBe(0);
    });

    it('a cancelled job is ended, also where it ignores SIGTERM, and leaves no process', async () => {
      const { engine, job, survivors } = await makeWorld();
      const ignoring = await job('ignores');
      await engine.submit(ignoring);
      await untilReady(engine, ignoring);
      expect(await survivors(ignoring)).toBeGreaterThan(0);
      await engine.cancel(ignoring);
      // Killed processes are gone when the system has taken them down, a moment after they were.
      await expect.poll(() => survivors(ignoring), { timeout: 30_000 }).toBe(0);
      expect(await endOf(engine, ignoring)).toMatchObject({ ending: 'cancelled' });
    });

    it('a job that waits in the queue says why, and is cancelled before it starts', async ({ skip }) => {
      const { engine, reopen, job, starts, hold } = await makeWorld();
      if (!hold) return skip('no job of it ever waits');
      const release = await hold();
      const hanging = await job('hangs');
      await engine.submit(hanging);
      const whyOf = async () => {
        const state = await engine.poll(hanging, 0);
        return state.kind === 'queued' ? (state.why ?? '') : state.kind;
      };
      await expect.poll(whyOf, { timeout: longEnough * 1000 }).toMatch(/\w{3}/);
      expect(await reopen().poll(hanging, 0)).toMatchObject({ kind: 'queued' });
      await engine.cancel(hanging);
      expect(await endOf(engine, hanging)).toMatchObject({ ending: 'cancelled', stages: [] });
      await release();
      expect(await starts(hanging)).toBe(0);
    });

    it('a character whose bytes come one by one is never torn', async () => {
      const { engine, job } = await makeWorld();
      const splitting = await job('splits');
      await engine.submit(splitting);
      let [text, next, isOver] = ['', 0, false];
      while (!isOver) {
        // Asked before the log is read, which is then whole.
        isOver = (await engine.poll(splitting, 0)).kind === 'ended';
        const piece = await engine.tail(splitting, 'train', next);
        [text, next] = [text + piece.text, piece.next];
      }
      expect(text).toBe('schöne Läufe über 3 €\n'.repeat(3));
    });

    it('a training that is killed, as when memory runs out, ends with that signal and is not graded', async () => {
      const { engine, job } = await makeWorld();
      const killed = await job('is killed for memory');
      await engine.submit(killed);
      const end = await endOf(engine, killed);
      expect(end).toMatchObject({ ending: 'exited', stages: [{ name: 'train', exitCode: null, signal: 'SIGKILL' }] });
      expect((await engine.tail(killed, 'train', 0)).text).toBe('allocating\n');
    });

    it('a job whose supervisor is killed is lost with a reason, and leaves no process', async () => {
      const { engine, reopen, job, survivors, killSupervisor } = await makeWorld();
      const hanging = await job('hangs');
      await engine.submit(hanging);
      await untilReady(engine, hanging);
      await killSupervisor(hanging);
      const reason = expect.stringMatching(/\w{3}/);
      expect(await lastStateOf(engine, hanging)).toMatchObject({ kind: 'lost', reason });
      expect(await reopen().poll(hanging, 0)).toMatchObject({ kind: 'lost' });
      await expect.poll(() => survivors(hanging), { timeout: 30_000 }).toBe(0);
    });

    it('a job outlives the controller that submitted it, and the next one finds it', async () => {
      const { engine, job, starts, submitAndDie } = await makeWorld();
      // It ends when it is told to, however late it is found.
      const waiting = await job('waits', 2 * longEnough);
      await submitAndDie(waiting);
      await untilReady(engine, waiting);
      await engine.submit(waiting);
      await letGo(waiting);
      expect(await endOf(engine, waiting)).toMatchObject({
        ending: 'exited',
        stages: [{ exitCode: 0 }, { exitCode: 0 }],
      });
      expect(await starts(waiting)).toBe(1);
    });

    it('a job whose machine goes away is lost with a reason, and no verdict', async ({ skip }) => {
      const { engine, job, loseNode } = await makeWorld();
      if (!loseNode) return skip("its machine is the controller's own");
      const hanging = await job('hangs');
      await engine.submit(hanging);
      await untilReady(engine, hanging);
      const giveBack = await loseNode();
      const reason = expect.stringMatching(/\w{3}/);
      expect(await lastStateOf(engine, hanging)).toEqual({ kind: 'lost', reason, byMachine: true });
      await giveBack();
    });
  });
}
