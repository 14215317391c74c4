import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { readRented } from '../../../../src/adapters/engines/rented.ts';
import { createSkyEngine, skyJobs } from '../../../../src/adapters/engines/skypilot/sky-engine.ts';
import { SettingsError } from '../../../../src/core/base/errors.ts';
import type { Engine } from '../../../../src/ports/engine.ts';
import { interpreter } from '../../../helpers/interpreter.ts';
import { type CloudInMemory, cloudInMemory } from './sky-in-memory.ts';
import { pollUntil, type SkyStudy, skyStudy } from './sky-world.ts';

interface World extends SkyStudy {
  readonly cloud: CloudInMemory;
  /** A controller's engine. */
  readonly open: () => Engine;
  readonly told: readonly string[];
}

async function world(): Promise<World> {
  const cloud = cloudInMemory();
  const study = await skyStudy();
  const told: string[] = [];
  const open = () => {
    const engine = createSkyEngine({
      ...{ sky: cloud.sky, openShell: cloud.openShell, settings: { gpus: 'A10' }, packer: study.packer },
      ...{
        studyFolder: study.studyFolder,
        python: interpreter,
        slots: 1,
        gpus: 1,
        silenceSeconds: 0,
        lookSeconds: 0.2,
      },
      ...{ patience: { first: 0, most: 0 }, tell: (message: string) => told.push(message) },
    });
    onTestFinished(() => engine.close?.());
    return engine;
  };
  return { ...study, cloud, open, told };
}

const noteOf = ({ studyFolder }: SkyStudy) => readRented(studyFolder, 'skypilot');

describe('what is rented', () => {
  it('is noted before the cloud is asked for it', async () => {
    const made = await world();
    const seen: unknown[] = [];
    made.cloud.onLaunch = async () => void seen.push(await noteOf(made));
    const engine = made.open();
    const job = await made.job('prints_score');
    await engine.submit(job);
    await pollUntil(engine, job, 'ended');
    expect(seen).toEqual([expect.objectContaining({ name: made.cloud.machines()[0] })]);
  });

  it('is one machine for all runs of a study, and is given back when the engine is closed', async () => {
    const made = await world();
    const engine = made.open();
    for (const job of [await made.job('prints_score', 'prints_score'), await made.job('prints_score')]) {
      await engine.submit(job);
      await pollUntil(engine, job, 'ended');
    }
    expect(made.cloud.calls.filter((call) => call.startsWith('launch'))).toHaveLength(1);
    await engine.close?.();
    expect(made.cloud.machines()).toEqual([]);
    expect(await noteOf(made)).toBeUndefined();
    await engine.close?.();
  });

  it('stays noted where sky cannot be asked to give it back, and a later close gives it back', async () => {
    const made = await world();
    const engine = made.open();
    const job = await made.job('prints_score');
    await engine.submit(job);
    await pollUntil(engine, job, 'ended');
    made.cloud.answers = false;
    await engine.close?.();
    expect(made.told.at(-1)).toMatch(/may be there still: the API server does not answer/);
    expect(await noteOf(made)).toBeDefined();
    made.cloud.answers = true;
    await made.open().close?.();
    expect(made.cloud.machines()).toEqual([]);
    expect(await noteOf(made)).toBeUndefined();
  });

  it('is given back also when the engine is closed while it is being launched', async () => {
    const made = await world();
    let begun = () => {};
    let goOn = () => {};
    const hasBegun = new Promise<void>((resolve) => {
      begun = resolve;
    });
    made.cloud.launching = new Promise((resolve) => {
      goOn = resolve;
    });
    made.cloud.onLaunch = () => begun();
    const engine = made.open();
    await engine.submit(await made.job('prints_score'));
    await hasBegun;
    const closed = engine.close?.();
    goOn();
    await closed;
    expect(made.cloud.machines()).toEqual([]);
    expect(await noteOf(made)).toBeUndefined();
  });

  it('is given back at once, and the study told, where it would not delete itself', async () => {
    const made = await world();
    made.cloud.deletesItself = false;
    const engine = made.open();
    const job = await made.job('prints_score');
    await engine.submit(job);
    await expect(pollUntil(engine, job, 'ended')).rejects.toThrow(SettingsError);
    expect(made.cloud.machines()).toEqual([]);
    expect(await noteOf(made)).toBeUndefined();
  });
});

describe('a run', () => {
  it('waits with the reason while there is no machine, and runs when there is one', async () => {
    const made = await world();
    made.cloud.refusal = 'quota of 0 for A10';
    const engine = made.open();
    const job = await made.job('prints_score');
    await engine.submit(job);
    while (made.cloud.calls.filter((call) => call.startsWith('launch')).length < 3)
      expect(await engine.poll(job, 0)).toMatchObject({ kind: 'queued' });
    expect(made.told.filter((line) => line.includes('quota of 0 for A10'))).toHaveLength(1);
    made.cloud.refusal = undefined;
    expect(await pollUntil(engine, job, 'ended')).toMatchObject({ end: { ending: 'exited' } });
  });

  it('that is cancelled while there is no machine has ended, and is never started', async () => {
    const made = await world();
    made.cloud.refusal = 'no capacity';
    const engine = made.open();
    const job = await made.job('prints_score');
    await engine.submit(job);
    await engine.cancel(job);
    made.cloud.refusal = undefined;
    expect(await engine.poll(job, 0)).toMatchObject({ kind: 'ended', end: { ending: 'cancelled' } });
    expect(made.cloud.calls.filter((call) => call.startsWith('exec'))).toEqual([]);
  });

  it('is lost when its machine vanishes, and the next gets another machine', async () => {
    const made = await world();
    const engine = made.open();
    const job = await made.job('hangs');
    await engine.submit(job);
    await pollUntil(engine, job, 'running');
    await made.cloud.vanish();
    expect(await pollUntil(engine, job, 'lost')).toMatchObject({ reason: 'its machine vanished', byMachine: true });
    const next = await made.job('prints_score');
    await engine.submit(next);
    await pollUntil(engine, next, 'ended');
    expect(made.cloud.calls.filter((call) => call.startsWith('launch'))).toHaveLength(2);
  });

  it('that was not yet given to a machine that vanished gets the next one', async () => {
    const made = await world();
    const engine = made.open();
    const first = await made.job('prints_score');
    await engine.submit(first);
    await pollUntil(engine, first, 'ended');
    await made.cloud.vanish();
    const next = await made.job('prints_score');
    await engine.submit(next);
    expect(await pollUntil(engine, next, 'ended')).toMatchObject({ end: { ending: 'exited' } });
  });

  it('is waited for while its machine cannot be reached, as long as the cloud has it', async () => {
    const made = await world();
    const engine = made.open();
    const job = await made.job('ticks 1');
    await engine.submit(job);
    await pollUntil(engine, job, 'running', 'ended');
    made.cloud.isReachable = false;
    while (!made.told.some((line) => line.includes('does not answer'))) {
      const state = await engine.poll(job, 0.1);
      if (state.kind === 'ended') break;
    }
    made.cloud.isReachable = true;
    expect(await pollUntil(engine, job, 'ended')).toMatchObject({ end: { ending: 'exited' } });
  });

  it('waits for a machine that is up and does not answer yet', async () => {
    const made = await world();
    made.cloud.isReachable = false;
    const engine = made.open();
    const job = await made.job('prints_score');
    await engine.submit(job);
    while (!made.told.some((line) => line.includes('is up and does not answer')))
      expect(await engine.poll(job, 0)).toMatchObject({ kind: 'queued' });
    made.cloud.isReachable = true;
    expect(await pollUntil(engine, job, 'ended')).toMatchObject({ end: { ending: 'exited' } });
    expect(made.cloud.calls.filter((call) => call.startsWith('launch'))).toHaveLength(1);
  });

  it('in flight is found by the next controller on the same machine, and is not started again', async () => {
    const made = await world();
    const engine = made.open();
    const job = await made.job('hangs');
    await engine.submit(job);
    await pollUntil(engine, job, 'running');
    const later = made.open();
    await later.submit(job);
    await pollUntil(later, job, 'running');
    await later.cancel(job);
    expect(await later.poll(job, 0)).toMatchObject({ kind: 'ended', end: { ending: 'cancelled' } });
    expect(made.cloud.calls.filter((call) => !call.startsWith('cancel'))).toHaveLength(2);
    expect(await readFile(join(job.folder, 'output', 'starts'), 'utf8')).toBe('started\n');
  });

  it('is ended with the machine of an earlier controller, and none is rented for that', async () => {
    const made = await world();
    const engine = made.open();
    const job = await made.job('hangs');
    await engine.submit(job);
    await pollUntil(engine, job, 'running');
    const later = made.open();
    await later.cancel(job);
    expect(await later.poll(job, 0)).toMatchObject({ kind: 'ended', end: { ending: 'cancelled' } });
    expect(made.cloud.machines()).toEqual([]);
    await made.open().cancel(job);
    expect(made.cloud.calls.filter((call) => call.startsWith('launch'))).toHaveLength(1);
  });

  it('in flight is lost to the next controller where its machine is gone', async () => {
    const made = await world();
    const engine = made.open();
    const job = await made.job('hangs');
    await engine.submit(job);
    await pollUntil(engine, job, 'running');
    await made.cloud.vanish();
    const later = made.open();
    await later.submit(job);
    expect(await pollUntil(later, job, 'lost')).toMatchObject({ reason: 'its machine vanished', byMachine: true });
  });

  it('brings home its logs, its result and what it saved', async () => {
    const made = await world();
    const engine = made.open();
    const job = await made.job('prints_score', 'prints_score');
    await engine.submit(job);
    expect(await skyJobs.wasStarted(job)).toBe(true);
    const state = await pollUntil(engine, job, 'ended');
    expect(state).toMatchObject({
      end: {
        stages: [
          { name: 'train', exitCode: 0 },
          { name: 'score', exitCode: 0 },
        ],
      },
    });
    expect((await engine.tail(job, 'score', 0)).text).toContain('val_bpb: 1.5');
    expect(await readdir(join(job.folder, 'output'))).toContain('starts');
  });
});
