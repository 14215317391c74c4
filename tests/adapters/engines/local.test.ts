import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { describe, expect, it } from 'vitest';
import { localJobs, specPath } from '../../../src/adapters/engines/job-files.ts';
import { createLocalEngine } from '../../../src/adapters/engines/local.ts';
import { packagePath } from '../../../src/adapters/package-root.ts';
import { SettingsError } from '../../../src/core/base/errors.ts';
import type { Job, JobState } from '../../../src/ports/engine.ts';
import { describeMachineContract } from '../../contracts/engine-contract.ts';
import { fixtureJob, runFolderOf, startsOf, survivorsOf } from './fixture-job.ts';

const localEngine = () => createLocalEngine({ python: 'python3' });

describeMachineContract('the local engine', async () => ({
  engine: localEngine(),
  reopen: localEngine,
  reader: () => localJobs,
  submitAndDie: async (job) => {
    const child = await controller(job, 'wait');
    child.kill('SIGKILL');
    await once(child, 'exit');
  },
  killSupervisor: async (job) => {
    const { pid } = JSON.parse(await readFile(join(job.folder, 'started.json'), 'utf8'));
    process.kill(pid, 'SIGKILL');
  },
  survivors: async (job) => (await survivorsOf(job, 'output')).length,
}));

async function run(job: Job): Promise<JobState> {
  const engine = localEngine();
  await engine.submit(job);
  return engine.poll(job, 30);
}

async function resultOf(job: Job): Promise<unknown> {
  return JSON.parse(await readFile(join(job.folder, 'result.json'), 'utf8'));
}

/** Starts a controller in a process of its own; resolves when it has submitted the job. */
async function controller(job: Job, ...options: string[]) {
  const script = packagePath('tests', 'fixtures', 'controller.mjs');
  const child = spawn(process.execPath, [script, JSON.stringify(job), ...options], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  await once(child.stdout, 'data');
  return child;
}

/** Ends a job that `waits`. */
async function letGo(job: Job): Promise<void> {
  await writeFile(join(runFolderOf(job), 'go'), '');
}

it('a stop that reaches the training no later than its supervisor is no word on the candidate', async () => {
  const job = await fixtureJob('hangs');
  const engine = localEngine();
  await engine.submit(job);
  await expect.poll(async () => (await engine.tail(job, 'train', 0)).text).toBe('ready\n');
  const { pid } = JSON.parse(await readFile(join(job.folder, 'started.json'), 'utf8'));
  const training = await survivorsOf(job);
  // It looks again when both have been told and the training is gone, as on a busy machine.
  process.kill(pid, 'SIGSTOP');
  for (const told of training) process.kill(Number(told), 'SIGTERM');
  await expect.poll(() => survivorsOf(job)).toEqual([]);
  for (const signal of ['SIGTERM', 'SIGCONT']) process.kill(pid, signal);
  expect(await engine.poll(job, 30)).toMatchObject({ kind: 'ended', end: { ending: 'cancelled' } });
});

it('a training that is ended by SIGTERM alone has ended by itself', async () => {
  const job = await fixtureJob('hangs');
  const engine = localEngine();
  await engine.submit(job);
  await expect.poll(async () => (await engine.tail(job, 'train', 0)).text).toBe('ready\n');
  for (const told of await survivorsOf(job)) process.kill(Number(told), 'SIGTERM');
  expect(await engine.poll(job, 30)).toMatchObject({
    kind: 'ended',
    end: { ending: 'exited', stages: [{ signal: 'SIGTERM' }] },
  });
});

describe('the surroundings of a stage', () => {
  it('a stage gets its own environment, three open files and its own session', async () => {
    const job = await fixtureJob('shows_surroundings');
    await run(job);
    const shown = JSON.parse(await readFile(join(job.folder, 'train.log'), 'utf8'));
    const { LC_CTYPE, ...env } = shown.env; // Python itself sets LC_CTYPE
    expect(env).toEqual(job.stages[0]?.env);
    expect(shown).toMatchObject({ fds: [0, 1, 2], leads: true, core: 0, ignored: [], policy: 0 });
    expect(shown.oom).toBe(500);
  });

  it('a command that does not exist ends with exit code 127 and the reason in its log', async () => {
    const job = await fixtureJob('no_score');
    const stages = job.stages.map((stage) => ({ ...stage, argv: ['no-such-command', '--flag'] }));
    const state = await run({ ...job, stages });
    expect(state).toMatchObject({
      kind: 'ended',
      end: { ending: 'exited', stages: [{ exitCode: 127, signal: null }] },
    });
    expect(await readFile(join(job.folder, 'train.log'), 'utf8')).toMatch(/no-such-command.*No such file/);
  });

  it('the wall and CPU seconds of a stage are measured', async () => {
    const state = await run(await fixtureJob('ticks 0.2'));
    if (state.kind !== 'ended') throw new Error(state.kind);
    const [stage] = state.end.stages;
    expect(stage?.seconds).toBeGreaterThan(0.2);
    expect(stage?.cpuSeconds).toBeGreaterThan(0.005);
    expect(stage?.cpuSeconds).toBeLessThan(stage?.seconds ?? 0);
    expect(state.end.seconds).toBeGreaterThanOrEqual(stage?.seconds ?? 0);
  });

  it('a folder that an earlier attempt has not made is made', async () => {
    const job = await fixtureJob('no_score');
    const state = await run({ ...job, folder: join(job.folder, 'not', 'yet') });
    expect(state).toMatchObject({ kind: 'ended', end: { ending: 'exited' } });
  });
});

describe('a poll', () => {
  it('resolves with the result, however much longer it was told to wait', async () => {
    const job = await fixtureJob('ticks 0.2');
    const engine = localEngine();
    await engine.submit(job);
    expect(await engine.poll(job, 3600)).toMatchObject({ kind: 'ended', end: { ending: 'exited' } });
  });

  it('a job that was never submitted is lost', async () => {
    const state = await localEngine().poll(await fixtureJob('no_score'), 1);
    expect(state).toEqual({ kind: 'lost', reason: 'it was never started' });
  });

  it('a job whose result cannot be understood is lost', async () => {
    const job = await fixtureJob('no_score');
    await writeFile(join(job.folder, 'result.json'), '{"ending":"fine"}');
    expect(await localEngine().poll(job, 1)).toMatchObject({
      kind: 'lost',
      reason: expect.stringContaining('result.json'),
    });
  });

  it('the number of a supervisor that another process has now is not taken for it', async () => {
    const job = await fixtureJob('no_score');
    const engine = localEngine();
    await engine.submit(job);
    await engine.poll(job, 30);
    const start = JSON.parse(await readFile(join(job.folder, 'started.json'), 'utf8'));
    const other = await fixtureJob('no_score');
    await writeFile(join(other.folder, 'started.json'), JSON.stringify({ ...start, pid: process.pid }));
    const later = localEngine();
    await later.submit(other);
    expect(await later.poll(other, 5)).toMatchObject({ kind: 'lost' });
    await later.cancel(other);
  });
});

describe('a supervisor', () => {
  const supervise = (job: Job) =>
    execa('python3', [packagePath('src', 'python', 'supervisor.py'), specPath(job)], { reject: false });

  it('leaves a job to the supervisor that has it', async () => {
    const job = await fixtureJob('hangs');
    const engine = localEngine();
    await engine.submit(job);
    expect((await supervise(job)).exitCode).toBe(75);
    await expect.poll(async () => (await engine.tail(job, 'train', 0)).text).toBe('ready\n');
    await engine.cancel(job);
    expect(await startsOf(job)).toBe(1);
  });

  it('does not start a job again that was started, whether it has a result or not', async () => {
    const job = await fixtureJob('ticks 0');
    await run(job);
    expect((await supervise(job)).exitCode).toBe(0);
    await rm(join(job.folder, 'result.json'));
    expect((await supervise(job)).exitCode).toBe(0);
    expect(await startsOf(job)).toBe(1);
  });

  it('goes on through an interrupt and a hangup', async () => {
    const job = await fixtureJob('waits');
    const engine = localEngine();
    await engine.submit(job);
    const { pid } = JSON.parse(await readFile(join(job.folder, 'started.json'), 'utf8'));
    process.kill(pid, 'SIGINT');
    process.kill(pid, 'SIGHUP');
    await letGo(job);
    expect(await engine.poll(job, 30)).toMatchObject({ kind: 'ended', end: { ending: 'exited' } });
  });
});

describe('a Python that cannot supervise', () => {
  it('a Python that does not exist is a settings error', async () => {
    const engine = createLocalEngine({ python: '/no/such/python' });
    await expect(engine.submit(await fixtureJob('no_score'))).rejects.toThrow(SettingsError);
  });

  it('a supervisor that fails before the job starts is a settings error with its last words', async () => {
    const job = await fixtureJob('no_score');
    await mkdir(join(job.folder, 'run.lock'));
    await expect(localEngine().submit(job)).rejects.toThrow(/exit code 1: .*run\.lock/);
  });
});

describe('a log', () => {
  it('a character that is cut by the end of a reading comes whole with the next one', async () => {
    const job = await fixtureJob('no_score');
    const text = `a${'€'.repeat(30_000)}`;
    await writeFile(join(job.folder, 'train.log'), text);
    const engine = localEngine();
    const first = await engine.tail(job, 'train', 0);
    const second = await engine.tail(job, 'train', first.next);
    expect(first.text + second.text).toBe(text);
    expect(first.next).toBeLessThanOrEqual(65_536);
  });

  it('half a character at the end is left until the rest of it is there', async () => {
    const job = await fixtureJob('no_score');
    await writeFile(join(job.folder, 'train.log'), Buffer.from([0x61, 0xe2, 0x82]));
    expect(await localEngine().tail(job, 'train', 0)).toEqual({ text: 'a', next: 1 });
  });

  it('a log that has become shorter is read on from its end', async () => {
    const job = await fixtureJob('no_score');
    await writeFile(join(job.folder, 'train.log'), 'short');
    expect(await localEngine().tail(job, 'train', 1000)).toEqual({ text: '', next: 5 });
  });

  it.each([
    ['a folder', mkdir],
    ['a pipe', (path: string) => execa('mkfifo', [path])],
    ['an endless device', (path: string) => symlink('/dev/zero', path)],
  ])('%s in its place is an empty log', { timeout: 20_000 }, async (_, make) => {
    const job = await fixtureJob('no_score');
    await make(join(job.folder, 'train.log'));
    const engine = localEngine();
    expect(await engine.readLogEnd(job, 'train', 100)).toBe('');
    expect(await engine.tail(job, 'train', 0)).toEqual({ text: '', next: 0 });
  });

  it('it grows while the script runs', async () => {
    const job = await fixtureJob('hangs');
    const engine = localEngine();
    await engine.submit(job);
    await expect.poll(async () => (await engine.tail(job, 'train', 0)).text).toBe('ready\n');
    await engine.cancel(job);
  });
});

describe('a controller that goes away', () => {
  it('a run goes on when its controller is killed, and is adopted without a second start', async () => {
    const job = await fixtureJob('waits');
    const child = await controller(job, 'wait');
    child.kill('SIGKILL');
    await once(child, 'exit');
    const engine = localEngine();
    expect(await engine.poll(job, 0)).toMatchObject({ kind: 'running' });
    await engine.submit(job);
    await letGo(job);
    expect(await engine.poll(job, 30)).toMatchObject({
      kind: 'ended',
      end: { ending: 'exited', stages: [{ exitCode: 0 }] },
    });
    expect(await resultOf(job)).toMatchObject({ orphaned: true });
    expect(await startsOf(job)).toBe(1);
  });

  it('an orphaned run ends at its own deadline', async () => {
    const job = await fixtureJob('daemons hang', { limitSeconds: 1 });
    const child = await controller(job, 'wait');
    child.kill('SIGKILL');
    await once(child, 'exit');
    expect(await localEngine().poll(job, 30)).toMatchObject({ kind: 'ended', end: { ending: 'deadline' } });
    expect(await survivorsOf(job)).toEqual([]);
  });

  it('an engine that is made later can cancel the run', async () => {
    const job = await fixtureJob('daemons hang');
    const child = await controller(job, 'wait');
    child.kill('SIGKILL');
    await once(child, 'exit');
    const engine = localEngine();
    await engine.cancel(job);
    expect(await engine.poll(job, 0)).toMatchObject({ kind: 'ended', end: { ending: 'cancelled' } });
    expect(await survivorsOf(job)).toEqual([]);
  });

  it('a controller with nothing else to do exits while the run goes on', async () => {
    const job = await fixtureJob('hangs');
    const child = await controller(job);
    const [code] = await once(child, 'exit');
    expect(code).toBe(0);
    const engine = localEngine();
    expect(await engine.poll(job, 0)).toMatchObject({ kind: 'running' });
    await engine.cancel(job);
  });

  it('a run that ends beside its controller is no orphan', async () => {
    const job = await fixtureJob('prints_score');
    await run(job);
    expect(await resultOf(job)).toMatchObject({ orphaned: false });
    expect(runFolderOf(job)).toContain(job.folder);
  });
});

describe('a job that runs', () => {
  it('says which of its stages does', async () => {
    const job = await fixtureJob('ticks 0', { score: 'waits' });
    const engine = localEngine();
    await engine.submit(job);
    const stage = async () => {
      const state = await engine.poll(job, 0);
      return state.kind === 'running' ? state.stage : state.kind;
    };
    await expect.poll(stage).toBe('score');
    expect(await readFile(join(job.folder, 'train.ended'), 'utf8')).toBe('');
    await letGo(job);
    expect(await engine.poll(job, 30)).toMatchObject({ kind: 'ended', end: { ending: 'exited' } });
  });

  it('trains until its training has ended, not until the next stage begins', async () => {
    const job = await fixtureJob('hangs');
    const engine = localEngine();
    await engine.submit(job);
    await expect.poll(() => engine.poll(job, 0)).toMatchObject({ kind: 'running', stage: 'train' });
    await writeFile(join(job.folder, 'train.ended'), '');
    const state = await engine.poll(job, 0);
    expect(state).toMatchObject({ kind: 'running', stage: undefined });
    await engine.cancel(job);
  });
});
