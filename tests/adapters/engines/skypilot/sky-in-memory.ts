/**
 * A cloud in memory with a folder of this machine for each machine: what sky promises, without sky and without ssh. Jobs really run.
 */
import { spawn } from 'node:child_process';
import { copyFile, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { execa } from 'execa';
import { onTestFinished } from 'vitest';
import { type Launched, NoMachine, type Sky, SkyTrouble } from '../../../../src/adapters/engines/skypilot/sky-cli.ts';
import { NoAnswer, type SkyShell } from '../../../../src/adapters/engines/skypilot/sky-shell.ts';
import type { SkyCluster, SkyJob } from '../../../../src/adapters/engines/skypilot/sky-texts.ts';
import { interpreter } from '../../../helpers/interpreter.ts';

/** What a test may do to the cloud. */
export interface CloudInMemory {
  readonly sky: Sky;
  readonly openShell: (name: string) => Promise<SkyShell>;
  /** What sky was asked for, in order: `launch NAME`, `exec JOB`, `giveBack NAME`. */
  readonly calls: readonly string[];
  readonly machines: () => readonly string[];
  /** The next launches are refused so, until undefined. */
  refusal: string | undefined;
  /** Whether machines can be made to delete themselves. */
  deletesItself: boolean;
  /** Whether sky answers. */
  answers: boolean;
  /** Whether machines can be reached by ssh. */
  isReachable: boolean;
  /** Awaited by each launch before it counts as done. */
  launching: Promise<void>;
  /** Called when a launch begins. */
  onLaunch: (name: string) => void | Promise<void>;
  /** The cloud takes all machines back. */
  readonly vanish: () => Promise<void>;
}

interface Machine {
  readonly folder: string;
  readonly hash: string;
  autostop: number;
  readonly jobs: SkyJob[];
}

/** A cloud whose machines end with the test. */
export function cloudInMemory(): CloudInMemory {
  const machines = new Map<string, Machine>();
  const calls: string[] = [];
  let count = 0;
  onTestFinished(() => cloud.vanish());

  function machineOf(name: string): Machine {
    const machine = machines.get(name);
    if (!cloud.answers) throw new SkyTrouble('the API server does not answer');
    if (!machine) throw new NoMachine(`Cluster '${name}' does not exist.`);
    return machine;
  }

  async function remove(name: string): Promise<void> {
    const machine = machines.get(name);
    if (!machine) return;
    machines.delete(name);
    await killAll(machine.folder);
    await rm(machine.folder, { recursive: true, force: true });
  }

  const sky: Sky = {
    choose: async () => ({ what: 'A10:1 on Memory', usd: 0.75 }),
    launch: async (name, _task, idle): Promise<Launched> => {
      calls.push(`launch ${name}`);
      await cloud.onLaunch(name);
      if (cloud.refusal !== undefined) return { kind: 'refused', why: cloud.refusal };
      count += 1;
      const folder = await mkdtemp(join(tmpdir(), 'nocturne-cloud-'));
      machines.set(name, { folder, hash: `hash-${count}`, autostop: cloud.deletesItself ? idle : -1, jobs: [] });
      await cloud.launching;
      return machines.has(name) ? { kind: 'up' } : { kind: 'failed', why: 'it was cancelled' };
    },
    setAutodown: async (name, idle) => {
      if (cloud.deletesItself) machineOf(name).autostop = idle;
      return cloud.deletesItself;
    },
    find: async (name): Promise<SkyCluster | undefined> => {
      if (!cloud.answers) throw new SkyTrouble('the API server does not answer');
      const machine = machines.get(name);
      return machine && { name, status: 'UP', autostop: machine.autostop, isDeleted: true, hash: machine.hash };
    },
    exec: async (name, job, _gpus, command) => {
      const machine = machineOf(name);
      calls.push(`exec ${job}`);
      const id = machine.jobs.length + 1;
      machine.jobs.push({ id, name: job, status: 'RUNNING' });
      const env = { PATH: process.env.PATH ?? '', HOME: machine.folder };
      spawn('bash', ['-c', command], { cwd: machine.folder, env, stdio: 'ignore', detached: true }).unref();
      return id;
    },
    jobs: async (name) => machineOf(name).jobs,
    cancel: async (name, job) => void calls.push(`cancel ${name} ${job}`),
    logEnd: async () => '',
    giveBack: async (name) => {
      calls.push(`giveBack ${name}`);
      if (!cloud.answers) throw new SkyTrouble('the API server does not answer');
      await remove(name);
    },
    giveBackLater: (name) => void calls.push(`giveBackLater ${name}`),
  };

  const openShell = async (name: string): Promise<SkyShell> => {
    const { folder } = machineOf(name);
    const root = join(folder, '.nocturne');
    const require = () => {
      if (!cloud.isReachable || !machines.has(name)) throw new NoAnswer('Connection refused');
    };
    return {
      call: async ([verb = '', ...rest], input = '') => {
        require();
        const run = { input, env: { PATH: process.env.PATH ?? '', HOME: folder }, extendEnv: false } as const;
        const { stdout } = await execa(interpreter, [join(root, 'away_job.py'), verb, root, ...rest], {
          ...run,
          encoding: 'buffer',
          stripFinalNewline: false,
        });
        return Buffer.from(stdout);
      },
      put: async (content, path) => {
        require();
        await mkdir(dirname(join(root, path)), { recursive: true });
        if ('file' in content) await copyFile(content.file, join(root, path));
        else await writeFile(join(root, path), content.text);
      },
      close: async () => {},
    };
  };

  const cloud: CloudInMemory = {
    ...{ sky, openShell, calls, machines: () => [...machines.keys()] },
    ...{ refusal: undefined, deletesItself: true, answers: true, isReachable: true },
    ...{ launching: Promise.resolve(), onLaunch: () => {} },
    vanish: async () => {
      for (const name of [...machines.keys()]) await remove(name);
    },
  };
  return cloud;
}

/** Kills every process with this home, as the end of a machine does. */
async function killAll(home: string): Promise<void> {
  for (;;) {
    const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
    const found: number[] = [];
    for (const pid of pids) {
      const environment = await readFile(`/proc/${pid}/environ`, 'utf8').catch(() => '');
      const command = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '');
      if (environment.split('\0').includes(`HOME=${home}`) || command.includes(home)) found.push(Number(pid));
    }
    if (found.length === 0) return;
    for (const pid of found) {
      try {
        process.kill(pid, 'SIGKILL');
      } catch {
        // It ended meanwhile.
      }
    }
  }
}
