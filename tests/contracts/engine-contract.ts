/**
 * What every engine promises, as one suite to be run against any of them.
 */
import { mkdir, rm } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import type { Engine, Job, JobEnd, JobReader } from '../../src/ports/engine.ts';

/** What a job of the suite does: scores 1.5, exits with code 3, or runs until it is cancelled. */
export type Behaviour = 'scores' | 'fails' | 'hangs';

/** An engine and jobs for it. */
export interface EngineWorld {
  readonly engine: Engine;
  /** An engine as a controller started later would make it. */
  readonly reopen: () => Engine;
  /** What a command that only looks opens, in a process of its own. */
  readonly reader: () => JobReader;
  /** A job with a train and a score stage, both scripted to behave so. */
  readonly job: (behaviour: Behaviour) => Promise<Job>;
  /** How often the job's first stage was started. */
  readonly starts: (job: Job) => Promise<number>;
}

const longEnough = 30;

/** Runs the suite against the engines that the function makes. */
export function describeEngineContract(name: string, makeWorld: () => Promise<EngineWorld>): void {
  describe(`${name} keeps the engine contract`, () => {
    async function endOf(engine: Engine, job: Job): Promise<JobEnd> {
      const state = await engine.poll(job, longEnough);
      if (state.kind !== 'ended') throw new Error(`the job is ${JSON.stringify(state)}`);
      return state.end;
    }

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
      expect(end).toMatchObject({ ending: 'exited', stages: [{ name: 'train', exitCode: 3, signal: null }] });
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
      expect(await engine.poll(hanging, 0)).toMatchObject({ kind: 'running' });
      await engine.cancel(hanging);
    });

    it('a poll waits no longer than it was told to', async () => {
      const { engine, job } = await makeWorld();
      const hanging = await job('hangs');
      await engine.submit(hanging);
      const ended: string[] = [];
      const poll = async (name: string, waitSeconds: number) => {
        expect(await engine.poll(hanging, waitSeconds)).toMatchObject({ kind: 'running' });
        ended.push(name);
      };
      await Promise.all([poll('long', 0.3), poll('short', 0.01)]);
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
      for (const { folder } of hanging.stages) await mkdir(folder, { recursive: true });
      await engine.submit(hanging);
      expect(await engine.poll(hanging, 0)).toMatchObject({ kind: 'running' });
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
