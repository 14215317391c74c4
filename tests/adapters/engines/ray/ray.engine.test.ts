/**
 * The Ray engine against a real cluster of this machine; `ray` is beside the python that NOCTURNE_TEST_PYTHON names.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { access, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { openRay, roomOfRay } from '../../../../src/adapters/engines/ray/open-ray.ts';
import { rayJobs } from '../../../../src/adapters/engines/ray/ray-engine.ts';
import { createRayHttp, type Reply } from '../../../../src/adapters/engines/ray/ray-http.ts';
import { rayRecords, submissionId } from '../../../../src/adapters/engines/ray/ray-record.ts';
import type { RaySettings } from '../../../../src/adapters/engines/ray/ray-settings.ts';
import { packagePath } from '../../../../src/adapters/package-root.ts';
import { SettingsError } from '../../../../src/core/base/errors.ts';
import type { Engine, Job } from '../../../../src/ports/engine.ts';
import { describeMachineContract, type MachineWorld } from '../../../contracts/engine-contract.ts';
import { enginePython } from '../../../helpers/engine-python.ts';
import { type RayCluster, startRay } from '../../../helpers/ray-cluster.ts';
import { fixtureJob, runFolderOf } from '../fixture-job.ts';

let cluster: RayCluster;
beforeAll(async () => {
  cluster = await startRay(enginePython());
});
afterAll(() => cluster.stop());

interface World {
  readonly engine: Engine;
  readonly reopen: () => Engine;
  readonly job: (train: string, score?: string) => Promise<Job>;
  readonly told: readonly string[];
}

/** A study on a cluster, and jobs of it. */
async function studyOn({ address }: RayCluster, settings: RaySettings = {}): Promise<World> {
  const studyFolder = await mkdtemp(join(tmpdir(), 'nocturne-ray-'));
  onTestFinished(() => rm(studyFolder, { recursive: true, force: true }));
  const python = enginePython();
  const brief = { link: [], env: [], metric: { name: 'val_bpb', goal: 'minimize' as const } };
  const study = { studyFolder, root: studyFolder, userSandbox: studyFolder };
  const told: string[] = [];
  const tell = (message: string) => void told.push(message);
  const all = { address, python, ...settings };
  const reopen = () =>
    openRay({ settings: all, ...study, brief, python, slots: 2, tell, environment: { HOME: studyFolder } });
  let jobs = 0;
  const job = async (train: string, score?: string) => {
    jobs += 1;
    const made = await fixtureJob(train, score === undefined ? {} : { score });
    const id = `${String(jobs).padStart(4, '0')}/run-1`;
    const moved: Job = { ...JSON.parse(JSON.stringify(made).replaceAll(made.folder, join(studyFolder, id))), id };
    await mkdir(runFolderOf(moved), { recursive: true });
    return moved;
  };
  return { engine: reopen(), reopen, job, told };
}

describeMachineContract('the Ray engine', async (studyFolder): Promise<MachineWorld> => {
  const python = enginePython();
  const options = {
    ...{
      studyFolder,
      root: studyFolder,
      userSandbox: studyFolder,
      python,
      slots: 2,
      environment: { HOME: studyFolder },
    },
    brief: { link: [], env: [], metric: { name: 'val_bpb', goal: 'minimize' as const } },
    settings: { address: cluster.address, python, cpus: 1 },
  };
  const open = () => openRay({ ...options, tell: () => {} });
  return {
    engine: open(),
    reopen: open,
    reader: () => rayJobs,
    submitAndDie: async (job) => {
      const how = { module: 'ray/open-ray.js', make: 'openRay', options };
      const script = packagePath('tests', 'fixtures', 'controller.mjs');
      const argv = [script, JSON.stringify(job), 'wait', JSON.stringify(how)];
      const child = spawn(process.execPath, argv, { stdio: ['ignore', 'pipe', 'inherit'] });
      await once(child.stdout, 'data');
      child.kill('SIGKILL');
      await once(child, 'exit');
    },
    killSupervisor: async (job) => {
      const training = (await processesOf(job)).find(({ command }) => command.includes('script.py'));
      const stat = await readFile(`/proc/${training?.pid}/stat`, 'utf8');
      const [, parent = ''] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
      process.kill(Number.parseInt(parent, 10), 'SIGKILL');
    },
    survivors: async (job) => (await processesOf(job)).filter(({ command }) => command.includes('script.py')).length,
    hold: async () => {
      const { engine, job } = await studyOn(cluster, { cpus: 2 });
      const holding = await job('hangs');
      await engine.submit(holding);
      await untilItPrinted(engine, holding);
      return () => engine.cancel(holding);
    },
  };
});

/** The live processes of a job on the node: those that name this start of it. */
async function processesOf(job: Job) {
  const { name = 'none' } = (await rayRecords.find(job)) ?? {};
  const found: { readonly pid: number; readonly command: string }[] = [];
  for (const pid of (await readdir('/proc')).filter((each) => /^\d+$/.test(each))) {
    const [environment, command] = await Promise.all(
      ['environ', 'cmdline'].map((file) => readFile(`/proc/${pid}/${file}`, 'utf8').catch(() => '')),
    );
    if (`${environment}${command}`.includes(name)) {
      found.push({ pid: Number.parseInt(pid, 10), command: (command ?? '').replaceAll('\0', ' ') });
    }
  }
  return found;
}

async function untilItPrinted(engine: Engine, job: Job): Promise<string> {
  const printed = async () => {
    await engine.poll(job, 0);
    return (await engine.tail(job, 'train', 0)).text;
  };
  await expect.poll(printed, { timeout: 90_000, interval: 500 }).not.toBe('');
  return printed();
}

async function askRay(method: 'GET' | 'POST', path: string): Promise<Reply> {
  return createRayHttp(new URL(cluster.address), undefined).ask({ method, path });
}

/** What Ray says of a job, by the id that the engine gave it. */
async function statusOf(job: Job): Promise<string> {
  const record = await rayRecords.find(job);
  const { text } = await askRay('GET', `/api/jobs/${record && submissionId(record)}`);
  return JSON.parse(text).status;
}

/** A script that Python runs, in place of the job's training. */
function running(job: Job, code: string): Job {
  const stages = job.stages.map((stage) => ({ ...stage, argv: [enginePython(), '-S', '-c', code] }));
  return { ...job, stages };
}

describe('its room for runs', () => {
  const roomOf = (settings: RaySettings, inFlight = 0) =>
    roomOfRay({ address: cluster.address, ...settings }, {}, inFlight);

  it('is what its nodes have free for them, and what the study has in flight besides', async () => {
    await expect.poll(() => roomOf({}), said).toEqual({ slots: 2, why: 'the Ray cluster has room for 2 runs now' });
    expect(await roomOf({ gpus: 0.5, cpus: 0.1 })).toMatchObject({ slots: 4 });
    expect(await roomOf({ cpus: 0.1 })).toMatchObject({ slots: 16, why: expect.stringContaining('room for 20 runs') });
    expect(await roomOf({ memory: 2 ** 50 })).toMatchObject({
      slots: 1,
      why: expect.stringContaining('for no run now'),
    });
    const { engine, job } = await studyOn(cluster, { cpus: 1, gpus: 1 });
    const holding = await job('hangs');
    await engine.submit(holding);
    await untilItPrinted(engine, holding);
    await expect.poll(async () => (await roomOf({ gpus: 1 })).slots, said).toBe(1);
    expect(await roomOf({ gpus: 1 }, 1)).toMatchObject({
      slots: 2,
      why: expect.stringContaining('besides the 1 in flight'),
    });
    await engine.cancel(holding);
  });

  it('is one, and said why, where nobody answers', async () => {
    expect(await roomOfRay({ address: 'http://127.0.0.1:1' }, {}, 0)).toEqual({
      slots: 1,
      why: expect.stringMatching(/^what is free could not be asked: /),
    });
  });
});

/** What the dashboard tells of nodes is some seconds old. */
const said = { timeout: 60_000, interval: 500 };

describe('a queue', () => {
  it('holds a job that finds no room, which never trains where it is cancelled there', async () => {
    const { engine, job } = await studyOn(cluster, { cpus: 2 });
    const first = await job('hangs');
    await engine.submit(first);
    await untilItPrinted(engine, first);
    const mark = join(tmpdir(), `nocturne-ray-mark-${process.pid}`);
    onTestFinished(() => rm(mark, { force: true }));
    const second = running(await job('hangs'), `open(${JSON.stringify(mark)}, 'w')`);
    await engine.submit(second);
    expect(await engine.poll(second, 2)).toMatchObject({ kind: 'queued' });
    await engine.cancel(second);
    expect(await engine.poll(second, 0)).toMatchObject({ kind: 'ended', end: { ending: 'cancelled', stages: [] } });
    await engine.cancel(first);
    // Ray keeps it in its queue, and ends it when its turn has come.
    await expect.poll(() => statusOf(second), { timeout: 60_000, interval: 500 }).toBe('STOPPED');
    await expect(access(mark)).rejects.toThrow('ENOENT');
  });
});

describe('a job on a cluster', () => {
  it('is one, though two controllers submit it', async () => {
    const { engine, reopen, job } = await studyOn(cluster);
    const made = await job('hangs');
    await Promise.all([engine.submit(made), reopen().submit(made)]);
    await reopen().submit(made);
    const { name = '' } = (await rayRecords.find(made)) ?? {};
    const all: readonly { submission_id: string }[] = JSON.parse((await askRay('GET', '/api/jobs/')).text);
    expect(all.filter(({ submission_id }) => submission_id?.startsWith(name))).toHaveLength(1);
    await engine.cancel(made);
  });

  it('whose submission was not noted by a controller that died is found, not started again', async () => {
    const { engine, reopen, job } = await studyOn(cluster);
    const made = await job('hangs');
    await engine.submit(made);
    const record = await rayRecords.find(made);
    if (!record) throw new Error('it was written');
    await rayRecords.write(made, { ...record, isSubmitted: false, session: '' });
    const later = reopen();
    await later.submit(made);
    expect(await rayRecords.find(made)).toEqual(record);
    await later.cancel(made);
  });

  it('has its log read on whole characters while it runs', async () => {
    const { engine, job } = await studyOn(cluster);
    const go = join(tmpdir(), `nocturne-ray-go-${process.pid}`);
    onTestFinished(() => rm(go, { force: true }));
    const code = [
      'import os,sys,time',
      "sys.stdout.buffer.write(b'a\\xe2\\x82'); sys.stdout.flush()",
      `while not os.path.exists(${JSON.stringify(go)}): time.sleep(0.05)`,
      "sys.stdout.buffer.write(b'\\xac\\n')",
    ].join('\n');
    const made = running(await job('hangs'), code);
    await engine.submit(made);
    expect(await untilItPrinted(engine, made)).toBe('a');
    await writeFile(go, '');
    expect(await engine.poll(made, 60)).toMatchObject({ kind: 'ended' });
    expect((await engine.tail(made, 'train', 1)).text).toBe('€\n');
  });

  it('sees the GPU that it reserved, and none where it reserved none', async () => {
    const shown = async (gpus: number) => {
      const { engine, job } = await studyOn(cluster, { gpus });
      const made = running(await job('hangs'), "import os; print(os.environ.get('CUDA_VISIBLE_DEVICES'))");
      await engine.submit(made);
      expect(await engine.poll(made, 90)).toMatchObject({ kind: 'ended' });
      return (await engine.tail(made, 'train', 0)).text;
    };
    expect(await shown(1)).toMatch(/^[01]\n$/);
    expect(await shown(0)).toBe('\n');
  });

  it('that somebody stops there is cancelled, though nobody here asked for it', async () => {
    const { engine, job } = await studyOn(cluster);
    const made = await job('hangs');
    await engine.submit(made);
    await untilItPrinted(engine, made);
    const record = await rayRecords.find(made);
    await askRay('POST', `/api/jobs/${record && submissionId(record)}/stop`);
    expect(await engine.poll(made, 60)).toMatchObject({ kind: 'ended', end: { ending: 'cancelled' } });
  });

  it('that has the wrong python is a settings error, and counts as not started', async () => {
    const { engine, job } = await studyOn(cluster, { python: '/no/such/python' });
    const made = await job('hangs');
    await engine.submit(made);
    await expect(engine.poll(made, 60)).rejects.toThrow(SettingsError);
    expect(await engine.wasStarted(made)).toBe(false);
  });
});

describe('a cluster in trouble', () => {
  it('a job that waited too long in the queue of Ray is submitted again', { timeout: 600_000 }, async () => {
    // Enough for the start that is to succeed, which has no longer.
    await cluster.restart({ RAY_JOB_START_TIMEOUT_SECONDS: '15' });
    const { engine, job, told } = await studyOn(cluster, { resources: { late: 1 } });
    const made = await job('prints_score');
    await engine.submit(made);
    await expect
      .poll(async () => [await engine.poll(made, 0), ...told].at(-1), { timeout: 180_000, interval: 500 })
      .toMatch(/is submitted to the Ray cluster again: it waited longer/);
    expect(told[0]).toMatch(/^No run can start on the Ray cluster as it is: no node has 1 late/);
    expect(await engine.poll(made, 0)).toMatchObject({ kind: 'queued' });
    await cluster.addNode({ late: 1 });
    expect(await engine.poll(made, 240)).toMatchObject({ kind: 'ended', end: { ending: 'exited' } });
  });

  it('a job whose node is lost is lost, and says so', async () => {
    const node = await cluster.addNode({ doomed: 1 });
    const { engine, job } = await studyOn(cluster, { resources: { doomed: 1 } });
    const made = await job('hangs');
    await engine.submit(made);
    await untilItPrinted(engine, made);
    await node.kill();
    expect(await engine.poll(made, 90)).toEqual({
      kind: 'lost',
      reason: expect.stringContaining('its node has died'),
      byMachine: true,
    });
  });

  it('a job of a head that was started anew is lost; the next one runs', async () => {
    const { engine, reopen, job } = await studyOn(cluster);
    const made = await job('hangs');
    await engine.submit(made);
    await untilItPrinted(engine, made);
    await cluster.restart();
    const reason = expect.stringContaining('the head of the Ray cluster was started anew');
    expect(await engine.poll(made, 60)).toEqual({ kind: 'lost', reason, byMachine: true });
    expect(await reopen().poll(made, 0)).toEqual({ kind: 'lost', reason, byMachine: true });
    const next = await job('prints_score');
    await engine.submit(next);
    expect(await engine.poll(next, 90)).toMatchObject({ kind: 'ended', end: { ending: 'exited' } });
  });
});
