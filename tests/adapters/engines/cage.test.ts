import { chmod, mkdir, mkdtemp, readdir, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { createLocalEngine } from '../../../src/adapters/engines/local.ts';
import { findIsolation } from '../../../src/adapters/isolation/find-isolation.ts';
import { homeVariables } from '../../../src/adapters/isolation/home-variables.ts';
import { ResearchError } from '../../../src/core/base/errors.ts';
import type { Job, Stage } from '../../../src/ports/engine.ts';
import type { Cage, Isolation } from '../../../src/ports/isolation.ts';
import { interpreter } from '../../helpers/interpreter.ts';
import { isAlive } from './fixture-job.ts';

let isolation: Isolation;

beforeAll(async () => {
  const cleanings: (() => Promise<void>)[] = [];
  const folder = await studyFolder((clean) => cleanings.push(clean));
  isolation = await findIsolation({ interpreter, folder });
  await Promise.all(cleanings.map((clean) => clean()));
});

type Finish = (clean: () => Promise<void>) => unknown;

/** Not below a folder that only one user may enter, as the system's temporary one is for some. */
async function studyFolder(finish: Finish = onTestFinished): Promise<string> {
  const folder = await mkdtemp(join('/var/tmp', 'nocturne-cage-'));
  await chmod(folder, 0o755);
  finish(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

/** A job that runs a line of Python in a cage, with a work and an output folder of its own. */
async function cagedJob(code: string, changes: Partial<Cage> = {}, more: Partial<Stage> = {}): Promise<Job> {
  const folder = await studyFolder();
  const work = join(folder, 'work');
  const output = join(folder, 'output');
  await mkdir(work);
  await mkdir(output);
  await writeFile(join(work, 'fixed.py'), 'fixed');
  const home = join(folder, 'home');
  const { rung } = isolation;
  if (rung === undefined) throw new Error('these tests need a machine that isolates');
  const cage = { rung, read: [], write: [work, output], fixed: [], home, network: false, ...changes };
  const env = { PATH: process.env.PATH ?? '', NOCTURNE_RUN_DIR: output, ...homeVariables(home, rung) };
  const argv: Stage['argv'] = [interpreter, '-S', '-c', code];
  return { id: 'one', folder, stages: [{ name: 'train', argv, folder: work, env, cage, ...more }], limitSeconds: 60 };
}

async function run(job: Job) {
  const engine = createLocalEngine({ python: interpreter });
  await engine.submit(job);
  const state = await engine.poll(job, 60);
  return { state, log: await engine.readLogEnd(job, 'train', 1 << 16) };
}

describe('a stage in a cage', () => {
  it('writes its own folders, whose files are the controller’s again afterwards, and leaves no home', async () => {
    const job = await cagedJob(`
import os
open('new', 'w').write('x'); os.mkdir('folder'); open('folder/deep', 'w').write('y'); os.chmod('folder', 0o700)
open(os.path.join(os.environ['HOME'], 'cache'), 'w').write('z')`);
    const { state } = await run(job);
    expect(state).toMatchObject({ kind: 'ended', end: { stages: [{ exitCode: 0 }] } });
    expect(await readFile(join(job.folder, 'work', 'folder', 'deep'), 'utf8')).toBe('y');
    for (const path of ['work', 'work/new', 'work/folder', 'work/folder/deep', 'output', 'work/fixed.py']) {
      expect((await stat(join(job.folder, path))).uid, path).toBe(process.getuid?.());
    }
    expect((await stat(join(job.folder, 'work'))).mode & 0o7777).toBe(0o755);
    expect(await readdir(job.folder)).not.toContain('home');
  });

  it('reads through a link what it was given through it, wherever the link lies', async () => {
    for (const place of ['/tmp', '/var/tmp']) {
      const folder = await mkdtemp(join(place, 'nocturne-link-'));
      onTestFinished(() => rm(folder, { recursive: true, force: true }));
      await chmod(folder, 0o755);
      await mkdir(join(folder, 'real'));
      await writeFile(join(folder, 'real', 'data'), 'seen');
      await symlink('real', join(folder, 'link'));
      const link = join(folder, 'link');
      const job = await cagedJob(`print(open('${link}/data').read())`, { read: [link] });
      const { state, log } = await run(job);
      expect({ log: log.trim(), state }).toMatchObject({ log: 'seen', state: { kind: 'ended' } });
    }
  });

  it('ends at its deadline with all its processes', async () => {
    const job = await cagedJob(`
import os, subprocess, sys, time
child = subprocess.Popen([sys.executable, '-S', '-c', 'import time; time.sleep(600)'], start_new_session=True)
time.sleep(600)`);
    const { state } = await run({ ...job, limitSeconds: 2 });
    expect(state).toMatchObject({ kind: 'ended', end: { ending: 'deadline' } });
    expect(await processesNaming(job.folder)).toEqual([]);
  });

  it('that is asked to end at its budget has the time to save', async () => {
    const code = `
import time
print('begun', flush=True)
try:
    time.sleep(600)
except KeyboardInterrupt:
    open('saved', 'w').write('x')`;
    // By then it has begun, also where Python and the cage take long.
    const job = await cagedJob(code, {}, { endSeconds: 4 });
    const { state } = await run(job);
    expect(state).toMatchObject({ kind: 'ended', end: { ending: 'exited', stages: [{ atBudget: true }] } });
    expect(await readdir(join(job.folder, 'work'))).toContain('saved');
  });

  it('that a signal ends is said to have ended by it', async () => {
    const { state } = await run(await cagedJob(`import os, signal; os.kill(os.getpid(), signal.SIGSEGV)`));
    expect(state).toMatchObject({ kind: 'ended', end: { stages: [{ exitCode: null, signal: 'SIGSEGV' }] } });
  });

  it('whose program is not there ends as without a cage', async () => {
    const { state, log } = await run(await cagedJob('', {}, { argv: ['no-such-program'] }));
    expect(state).toMatchObject({ kind: 'ended', end: { stages: [{ exitCode: 127 }] } });
    expect(log).toContain('cannot execute');
  });
});

describe('a cage that cannot be entered', () => {
  const marks = "open('ran', 'w').write('x')";

  it.each([
    ['a path that it reads is missing', { read: ['/no/such/path'] }],
    ['a path that it writes is missing', { write: ['/no/such/path'] }],
    ['its home cannot be made', { home: '/no/such/folder/home' }],
  ])('is an error of the machine, and nothing has run: %s', async (_, changes) => {
    const job = await cagedJob(marks, changes);
    await expect(run(job)).rejects.toThrow(/could not be isolated, so it did not start: .*\/no\/such/);
    await expect(run(job)).rejects.toBeInstanceOf(ResearchError);
    expect(await readdir(join(job.folder, 'work'))).toEqual(['fixed.py']);
  });

  it('because the interpreter is closed to it is none of the candidate’s faults', async () => {
    const job = await cagedJob(marks);
    const [stage] = job.stages;
    const rung = { ...isolation.rung, system: ['/etc'] };
    const closed = { ...job, stages: [{ ...stage, cage: { ...stage?.cage, rung } }] } as Job;
    await expect(run(closed)).rejects.toThrow(/could not be isolated/);
  });

  it('for want of room on the disk is lost each time it is asked for, and counts as not started', async () => {
    const job = await cagedJob(marks, { read: ['/no/such/path'] });
    await expect(run(job)).rejects.toThrow(/could not be isolated/);
    const path = join(job.folder, 'result.json');
    const said = (await readFile(path, 'utf8')).replace(
      /"cageFailure": "[^"]*"/,
      '"cageFailure": "/home/a.json: No space left on device"',
    );
    await writeFile(path, said);
    const engine = createLocalEngine({ python: interpreter });
    for (const _ of [1, 2]) {
      expect(await engine.poll(job, 0)).toMatchObject({
        kind: 'lost',
        reason: expect.stringContaining('No space left'),
      });
    }
    expect(await engine.wasStarted(job)).toBe(false);
  });

  it('counts as not started: the job starts when what was missing is there', async () => {
    const job = await cagedJob(marks, {});
    const data = join(job.folder, 'data');
    const [stage] = job.stages;
    const reading = { ...job, stages: [{ ...stage, cage: { ...stage?.cage, read: [data] } }] } as Job;
    await expect(run(reading)).rejects.toThrow(data);
    const engine = createLocalEngine({ python: interpreter });
    expect(await engine.wasStarted(reading)).toBe(false);
    await mkdir(data);
    expect((await run(reading)).state).toMatchObject({ kind: 'ended', end: { stages: [{ exitCode: 0 }] } });
    expect(await engine.wasStarted(reading)).toBe(true);
    expect(await readdir(join(job.folder, 'work'))).toContain('ran');
  });
});

/** Live processes that have the folder in their environment. */
async function processesNaming(folder: string): Promise<string[]> {
  const found: string[] = [];
  for (const pid of (await readdir('/proc')).filter((name) => /^\d+$/.test(name))) {
    const environment = await readFile(`/proc/${pid}/environ`, 'utf8').catch(() => '');
    if (environment.includes(`=${folder}/`) && (await isAlive(pid))) found.push(pid);
  }
  return found;
}
