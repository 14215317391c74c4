import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  createSlurmEngine,
  roomOfSlurm,
  type SlurmEngineOptions,
} from '../../../../src/adapters/engines/slurm/slurm.ts';
import { awayJobs } from '../../../../src/adapters/engines/travel/away-record.ts';
import { packagePath } from '../../../../src/adapters/package-root.ts';
import { parseBrief } from '../../../../src/core/brief/parse-brief.ts';
import type { Engine, Job } from '../../../../src/ports/engine.ts';
import { describeMachineContract, type MachineWorld } from '../../../contracts/engine-contract.ts';
import { contractJob, contractStudy } from '../../../contracts/engine-jobs.ts';
import { interpreter } from '../../../helpers/interpreter.ts';
import { type Cluster, startCluster, whyNoSlurm } from '../../../helpers/slurm-cluster.ts';
import { startServer } from '../../../helpers/ssh.ts';

const why = await whyNoSlurm();
const pace = { look: 100, retry: 500, grace: 1500, ending: 30_000, askEvery: 300, lookEvery: 200 };
const briefWith = (slurm: string) =>
  parseBrief(['---', 'metric: loss', `slurm: ${slurm}`, '---'].join('\n'), 'program.md');

describe.skipIf(why !== undefined)(`slurm${why === undefined ? '' : `: ${why}`}`, () => {
  let cluster: Cluster;
  const before = { ...process.env };
  const ends: (() => void)[] = [];
  beforeAll(async () => {
    cluster = await startCluster();
    Object.assign(process.env, cluster.environment);
  });
  afterAll(async () => {
    process.env = before;
    for (const end of ends) end();
    await cluster?.stop();
  });

  function worldIn(studyFolder: string, slurm: string, sshOptions: readonly string[] = []): MachineWorld {
    const settings: Omit<SlurmEngineOptions, 'tell'> = {
      ...{ python: interpreter, brief: briefWith(slurm), slots: 2, pace, sshOptions },
      ...{ studyFolder, root: join(studyFolder, '..', '..'), userSandbox: join(studyFolder, '..', '..') },
    };
    const open = () => createSlurmEngine({ ...settings, tell: () => {} });
    return {
      engine: open(),
      reopen: open,
      reader: () => awayJobs,
      submitAndDie: async (job) => {
        const how = { module: 'slurm/slurm.js', make: 'createSlurmEngine', options: settings };
        const argv = [
          packagePath('tests', 'fixtures', 'controller.mjs'),
          JSON.stringify(job),
          'wait',
          JSON.stringify(how),
        ];
        const child = spawn(process.execPath, argv, { stdio: ['ignore', 'pipe', 'inherit'] });
        await once(child.stdout, 'data');
        child.kill('SIGKILL');
        await once(child, 'exit');
      },
      killSupervisor: async (job) => {
        process.kill(JSON.parse(await readFile(join(job.folder, 'started.json'), 'utf8')).pid, 'SIGKILL');
      },
      survivors: () => runsAlive(),
      hold: () => setNode('drain'),
      loseNode: () => setNode('down'),
    };
  }

  describeMachineContract('slurm on shared files', async (studyFolder) => worldIn(studyFolder, '{ mem: 50M }'));

  describe('over ssh', () => {
    let options: readonly string[];
    let folder: string;
    beforeAll(async () => {
      const files = realpathSync(mkdtempSync(join(tmpdir(), 'nocturne-ssh-')));
      folder = join(files, 'there');
      const setting = Object.entries(cluster.environment).map(([name, value]) => `${name}=${value}`);
      const port = await startServer(files, [`SetEnv ${setting.join(' ')}`], (stop) => void ends.push(stop));
      ends.push(() => rmSync(files, { recursive: true, force: true }));
      const settings = [
        'IdentitiesOnly=yes',
        'StrictHostKeyChecking=no',
        'UserKnownHostsFile=/dev/null',
        'LogLevel=ERROR',
      ];
      options = [
        '-F',
        '/dev/null',
        ...settings.flatMap((each) => ['-o', each]),
        '-i',
        join(files, 'user'),
        '-p',
        String(port),
      ];
    });
    describeMachineContract('slurm over ssh', async (studyFolder) => {
      const host = `${userInfo().username}@127.0.0.1`;
      return worldIn(studyFolder, `{ mem: 50M, host: ${host}, folder: ${folder}, python: ${interpreter} }`, options);
    });
  });

  describe('its troubles', () => {
    const told: string[] = [];
    async function open(slurm = '{ mem: 50M }') {
      const studyFolder = await contractStudy();
      const folder = join(studyFolder, '..', '..');
      const folders = { studyFolder, root: folder, userSandbox: folder };
      const tell = (message: string) => void told.push(message);
      const engine = createSlurmEngine({
        python: interpreter,
        brief: briefWith(slurm),
        slots: 2,
        pace,
        ...folders,
        tell,
      });
      return { engine, studyFolder };
    }
    const isReady = async (engine: Engine, job: Job) => (await engine.tail(job, 'train', 0)).text === 'ready\n';

    it('a job that Slurm preempts is lost by its machine, though its supervisor left a result', async () => {
      const { engine, studyFolder } = await open('{ mem: 50M, cpus: 4 }');
      const job = await contractJob(studyFolder, 'hangs');
      await engine.submit(job);
      await expect.poll(() => isReady(engine, job), { timeout: 60_000 }).toBe(true);
      const urgent = ['--partition=urgent', '--cpus-per-task=4', '--mem=50', '--output=/dev/null', '--wrap=sleep 1'];
      await cluster.slurm('sbatch', ...urgent);
      const reason = expect.stringMatching(/PREEMPTED|CANCELLED/);
      expect(await engine.poll(job, 90)).toEqual({ kind: 'lost', reason, byMachine: true });
      await expect.poll(runsAlive, { timeout: 30_000 }).toBe(0);
    });

    it('a job goes on while the controller of Slurm is away, and one that is submitted meanwhile waits', async () => {
      const { engine, studyFolder } = await open();
      const job = await contractJob(studyFolder, 'hangs', 15);
      await engine.submit(job);
      await expect.poll(() => isReady(engine, job), { timeout: 60_000 }).toBe(true);
      // Asked to end it saves what it knows. One that is killed forgets its last seconds, and may hold the cores of a job that has ended.
      await cluster.controller.kill('SIGTERM');
      const other = await open();
      const late = await contractJob(other.studyFolder, 'scores');
      await other.engine.submit(late);
      expect(await other.engine.poll(late, 0)).toMatchObject({
        kind: 'queued',
        why: expect.stringContaining('Slurm cannot be reached'),
      });
      expect(told.filter((message) => message.includes('the controller of Slurm cannot be reached'))).not.toEqual([]);
      expect(await engine.poll(job, 90)).toMatchObject({ kind: 'ended', end: { ending: 'deadline' } });
      await cluster.controller.start();
      // The node tells of the job that ended meanwhile when it tries again, and only then are its cores free.
      expect(await other.engine.poll(late, 90)).toMatchObject({ kind: 'ended', end: { ending: 'exited' } });
    });

    it('a partition that does not exist is refused in a sentence, and the job counts as not started', async () => {
      const { engine, studyFolder } = await open('{ partition: nowhere }');
      const job = await contractJob(studyFolder, 'scores');
      await expect(engine.submit(job)).rejects.toThrow('Invalid partition name specified');
      expect(await engine.wasStarted(job)).toBe(false);
    });
  });

  describe('its room for runs', () => {
    const roomOf = (slurm: string, inFlight = 0) => roomOfSlurm({ brief: briefWith(slurm), inFlight });

    it.each([
      ['{ mem: 50M }', 4],
      ['{ cpus: 2 }', 2],
      ['{ mem: 150M }', 2],
      ['{ gpus: 1, mem: 50M }', 2],
      ['{ gpus: 2 }', 1],
      ['{ partition: urgent, cpus: 3 }', 1],
    ])('%s is what the node has free for it', async (slurm, slots) => {
      // Slurm frees what a job of another test held a moment after that has left its result.
      const why = expect.stringMatching(/^partition (debug|urgent) of Slurm/);
      await expect.poll(() => roomOf(slurm), { timeout: 60_000 }).toMatchObject({ slots, why });
    });

    it('is less while others run, and those of the study count as its own', async () => {
      const studyFolder = await contractStudy();
      const folder = join(studyFolder, '..', '..');
      const brief = briefWith('{ gpus: 1, mem: 50M }');
      const folders = { studyFolder, root: folder, userSandbox: folder };
      const engine = createSlurmEngine({ python: interpreter, brief, slots: 1, pace, ...folders, tell: () => {} });
      const job = await contractJob(studyFolder, 'hangs');
      await engine.submit(job);
      await expect.poll(async () => (await engine.poll(job, 1)).kind, { timeout: 60_000 }).toBe('running');
      expect(await roomOfSlurm({ brief, inFlight: 0 })).toMatchObject({ slots: 1 });
      expect(await roomOfSlurm({ brief, inFlight: 1 })).toMatchObject({
        slots: 2,
        why: expect.stringContaining('besides the 1'),
      });
      await engine.cancel(job);
      await expect.poll(async () => (await roomOfSlurm({ brief, inFlight: 0 })).slots, { timeout: 30_000 }).toBe(2);
    });

    it('is one, and said why, where the node is drained, the partition is none, or options are handed on', async () => {
      const giveBack = await setNode('drain');
      expect(await roomOf('{ mem: 50M }')).toEqual({
        slots: 1,
        why: 'partition debug of Slurm has room for no run now, so that it waits',
      });
      await giveBack();
      expect(await roomOf('{ partition: nowhere }')).toEqual({ slots: 1, why: 'Slurm shows no partition nowhere' });
      expect(await roomOf('{ args: [--exclusive] }')).toMatchObject({
        slots: 1,
        why: expect.stringContaining('`args:`'),
      });
    });

    it('is one while its controller is away', async () => {
      await cluster.controller.kill('SIGTERM');
      expect(await roomOf('{ mem: 50M }')).toEqual({
        slots: 1,
        why: 'what is free could not be asked: the controller of Slurm cannot be reached',
      });
      await cluster.controller.start();
      await expect.poll(async () => (await roomOf('{ mem: 50M }')).slots, { timeout: 60_000 }).toBe(4);
    });
  });

  /** Changes the state of the node; what it gives brings it back. */
  async function setNode(state: 'drain' | 'down'): Promise<() => Promise<void>> {
    await cluster.slurm('scontrol', 'update', `nodename=${cluster.nodeName}`, `state=${state}`, 'reason=test');
    return async () => {
      // One that was set down comes back by itself where its daemon runs, and then there is nothing to resume.
      await cluster.slurm('scontrol', 'update', `nodename=${cluster.nodeName}`, 'state=resume').catch(() => {});
      await expect.poll(() => cluster.slurm('sinfo', '-h', '-o', '%T'), { timeout: 60_000 }).toMatch(/idle|mixed/);
    };
  }
});

/** How many processes of the suite's runs are alive, wherever their folder is. */
async function runsAlive(): Promise<number> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  const isRun = async (pid: string) => {
    const [environment, state] = await Promise.all(
      ['environ', 'stat'].map((file) => readFile(`/proc/${pid}/${file}`, 'utf8').catch(() => '')),
    );
    return /NOCTURNE_RUN_DIR=[^\0]*\/0001\/run-1\/output\0/.test(environment ?? '') && !/\) [ZX]/.test(state ?? '');
  };
  return (await Promise.all(pids.map(isRun))).filter(Boolean).length;
}
