/** Jobs that run beside each other, each with its part of the machine. */
import { chmodSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { availableParallelism, hostname } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createLocalEngine } from '../../../src/adapters/engines/local.ts';
import { readRanges } from '../../../src/adapters/slots/cores.ts';
import type { Job } from '../../../src/ports/engine.ts';
import { listOf } from '../../helpers/nvidia-smi.ts';
import { temporaryFolder } from '../../helpers/temporary-repo.ts';
import { until } from '../../helpers/until.ts';
import { fixtureJob, runFolderOf, startsOf, survivorsOf } from './fixture-job.ts';

const engine = createLocalEngine({ python: 'python3', slots: 2 });

async function endOf(job: Job) {
  const state = await engine.poll(job, 30);
  if (state.kind !== 'ended') throw new Error(state.kind);
  return state.end;
}

async function run(job: Job) {
  await engine.submit(job);
  return endOf(job);
}

/** Those that this process may use. */
function allowed(): readonly number[] {
  return readRanges(/^Cpus_allowed_list:\s*(\S+)/m.exec(readFileSync('/proc/self/status', 'utf8'))?.[1] ?? '');
}

/** The job with these variables in its stages. */
function having(job: Job, variables: Readonly<Record<string, string>>): Job {
  return { ...job, stages: job.stages.map((stage) => ({ ...stage, env: { ...stage.env, ...variables } })) };
}

/** A PATH with an nvidia-smi that lists these GPUs, whatever it is asked. */
function listing(list: string): string {
  const folder = temporaryFolder();
  writeFileSync(join(folder, 'nvidia-smi'), `#!/bin/sh\ncat <<'END'\n${list}\nEND\n`);
  chmodSync(join(folder, 'nvidia-smi'), 0o755);
  return `${folder}:${process.env.PATH}`;
}

describe('several jobs', () => {
  it('run at once, end each by itself, and one is cancelled without the other', async () => {
    const [first, second] = [await fixtureJob('waits'), await fixtureJob('waits')];
    await Promise.all([engine.submit(first), engine.submit(second)]);
    await until(() => [first, second].every((job) => existsSync(join(runFolderOf(job), 'starts'))));
    expect(await engine.poll(first, 0)).toMatchObject({ kind: 'running' });
    expect(await engine.poll(second, 0)).toMatchObject({ kind: 'running' });
    await engine.cancel(first);
    expect(await survivorsOf(first)).toEqual([]);
    expect(await engine.poll(first, 0)).toMatchObject({ kind: 'ended', end: { ending: 'cancelled' } });
    expect(await engine.poll(second, 0)).toMatchObject({ kind: 'running' });
    writeFileSync(join(runFolderOf(second), 'go'), '');
    expect(await endOf(second)).toMatchObject({ ending: 'exited', stages: [{ exitCode: 0 }] });
  });

  it('that run at once are found again by an engine that started none of them', async () => {
    const jobs = [await fixtureJob('waits'), await fixtureJob('waits')];
    for (const job of jobs) await engine.submit(job);
    const later = createLocalEngine({ python: 'python3', slots: 2 });
    for (const job of jobs) {
      await later.submit(job);
      expect(await later.poll(job, 0)).toMatchObject({ kind: 'running' });
      writeFileSync(join(runFolderOf(job), 'go'), '');
    }
    for (const job of jobs) {
      expect(await later.poll(job, 30)).toMatchObject({ kind: 'ended' });
      expect(await startsOf(job)).toBe(1);
    }
  });
});

describe.runIf(process.platform === 'linux')('a job with a share of the processors', () => {
  it('is kept to them with all that it starts', async () => {
    const own = allowed().slice(-1);
    const job = { ...(await fixtureJob('shows_surroundings')), share: { processors: own } };
    await run(job);
    expect(JSON.parse((await engine.tail(job, 'train', 0)).text).processors).toEqual(own);
  });

  it('has all of them where those are none of this machine', async () => {
    const job = { ...(await fixtureJob('shows_surroundings')), share: { processors: [4000] } };
    await run(job);
    expect(JSON.parse((await engine.tail(job, 'train', 0)).text).processors).toHaveLength(availableParallelism());
  });

  it('is not said to lose what jobs beside it take of shared cores, and says that they are shared', async () => {
    const job = { ...(await fixtureJob('computes 1.3')), share: { shared: ['cores'] as const, among: '/study' } };
    const conditions = (await run(job)).stages[0]?.conditions;
    expect(conditions).toMatchObject({ shared: ['cores'] });
    expect(conditions).not.toHaveProperty('lostShare');
    expect(conditions).toHaveProperty('stolenShare');
  });
});

describe('a job says where it ran', () => {
  it('where it is asked, and not else', async () => {
    const job = await fixtureJob('prints_score');
    expect(await run(job)).not.toHaveProperty('where');
    const asked = { ...(await fixtureJob('prints_score')), where: { device: 'NVIDIA L4' } };
    expect((await run(asked)).where).toEqual({ node: hostname(), device: 'NVIDIA L4' });
  });

  it.each([
    [{}, '2 x NVIDIA L4 and NVIDIA T4'],
    [{ CUDA_VISIBLE_DEVICES: '0,1' }, '2 x NVIDIA L4'],
    [{ CUDA_VISIBLE_DEVICES: '2' }, 'NVIDIA T4'],
    [{ CUDA_VISIBLE_DEVICES: 'GPU-2' }, 'NVIDIA T4'],
  ])('by looking, where its device is not known before: with %j', async (variables, device) => {
    const path = listing(listOf('NVIDIA L4', 'NVIDIA L4', 'NVIDIA T4'));
    const job = having(await fixtureJob('prints_score'), { PATH: path, ...variables });
    expect((await run({ ...job, where: {} })).where?.device).toBe(device);
  });

  it('by its slices of a GPU', async () => {
    const list = listOf(['NVIDIA A100', '1g.10gb', '2g.20gb']);
    const slice = /MIG-02[^)]+/.exec(list)?.[0] ?? '';
    const job = having(await fixtureJob('prints_score'), { PATH: listing(list), CUDA_VISIBLE_DEVICES: slice });
    expect((await run({ ...job, where: {} })).where?.device).toBe('NVIDIA A100 MIG 2g.20gb');
  });

  it('by its processor, where it sees no GPU', async () => {
    const path = listing(listOf('NVIDIA L4'));
    const job = having(await fixtureJob('prints_score'), { PATH: path, CUDA_VISIBLE_DEVICES: '-1' });
    const { device } = (await run({ ...job, where: {} })).where ?? {};
    expect(device).not.toBe('');
    expect(device).not.toContain('L4');
  });
});
