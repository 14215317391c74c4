/** A real Slurm of one node on this machine, without root's services: munge, slurmctld and slurmd as children of the test. */
import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chmodSync, mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { hostname, tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';

/** Debian's packages put the daemons where the PATH of most users does not look. */
const path = `${process.env.PATH}:/usr/sbin:/sbin`;

export interface Cluster {
  /** What its commands need in their environment. */
  readonly environment: Readonly<Record<string, string>>;
  /** Runs one of its commands; gives what it prints. */
  readonly slurm: (...argv: string[]) => Promise<string>;
  /** The daemons, to be stopped and started by a test. */
  readonly controller: Daemon;
  readonly node: Daemon;
  /** The node's name. */
  readonly nodeName: string;
  /** Ends all jobs and daemons and removes their files. */
  readonly stop: () => Promise<void>;
}

export interface Daemon {
  readonly start: () => Promise<void>;
  /** Kills it, and waits until it is gone. */
  readonly kill: (signal?: NodeJS.Signals) => Promise<void>;
}

/** Why there is no Slurm here; undefined where there is one. */
export async function whyNoSlurm(): Promise<string | undefined> {
  for (const program of ['slurmctld', 'slurmd', 'sbatch', 'munged', 'setpriv']) {
    const { failed } = await execa('which', [program], { env: { PATH: path }, reject: false });
    if (failed) return `no ${program} on this machine (apt-get install slurm-wlm munge)`;
  }
  return undefined;
}

export interface ClusterOptions {
  /** Cores that it claims to have, of 100 MB each. */
  readonly cpus?: number;
}

/** Starts it; resolves once jobs can run. It has two fake GPUs, and a partition `urgent` whose jobs displace those of `debug`. */
export async function startCluster({ cpus = 4 }: ClusterOptions = {}): Promise<Cluster> {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'nocturne-slurm-')));
  // munge wants every folder above its socket to be open to others.
  chmodSync(folder, 0o755);
  for (const name of ['run', 'log', 'state', 'spool']) mkdirSync(join(folder, name));
  writeFileSync(join(folder, 'munge.key'), randomBytes(1024), { mode: 0o400 });
  const name = hostname().split('.')[0] ?? 'localhost';
  const [controllerPort, nodePort] = [await freePort(), await freePort()];
  writeFileSync(join(folder, 'gres.conf'), 'Name=gpu File=/dev/null\nName=gpu File=/dev/zero\n');
  writeFileSync(join(folder, 'slurm.conf'), configOf({ folder, name, cpus, controllerPort, nodePort }));
  const environment = { SLURM_CONF: join(folder, 'slurm.conf') };
  const slurm = async (...[program = '', ...argv]: string[]) => {
    const { stdout } = await execa(program, argv, { env: { PATH: path, ...environment } });
    return stdout;
  };
  const daemon = (program: string, ...argv: string[]) => createDaemon(program, argv, environment);
  const munge = daemon(
    'munged',
    ...['--foreground', `--key-file=${folder}/munge.key`, `--socket=${folder}/run/munge.sock`],
    ...[`--pid-file=${folder}/run/munged.pid`, `--log-file=${folder}/log/munged.log`],
    ...[`--seed-file=${folder}/run/munge.seed`],
  );
  const controller = daemon('slurmctld', '-D');
  const node = daemon('slurmd', '-D');
  const stop = async () => {
    await execa('scancel', ['--user', userInfo().username], {
      env: { PATH: path, ...environment },
      reject: false,
      timeout: 20_000,
    });
    // What it started gets the time to end; a killed slurmd leaves its jobs alone.
    await untilTrue(
      async () => (await execa('squeue', ['-h'], { env: { PATH: path, ...environment }, reject: false })).stdout === '',
      15,
    );
    for (const each of [node, controller, munge]) await each.kill('SIGTERM');
    rmSync(folder, { recursive: true, force: true });
  };
  try {
    await munge.start();
    await controller.start();
    await node.start();
    const isUp = async () => {
      const { stdout } = await execa('sinfo', ['-h', '-o', '%T'], {
        env: { PATH: path, ...environment },
        reject: false,
      });
      return /idle/.test(stdout ?? '');
    };
    if (!(await untilTrue(isUp, 60))) throw new Error(`Slurm does not start; see ${folder}/log`);
  } catch (error) {
    for (const each of [node, controller, munge]) await each.kill();
    throw error;
  }
  return { environment: { ...environment, PATH: path }, slurm, controller, node, nodeName: name, stop };
}

/** A program that dies with the test's process, however that ends. */
function createDaemon(program: string, argv: readonly string[], environment: Readonly<Record<string, string>>): Daemon {
  let child: ReturnType<typeof spawn> | undefined;
  return {
    start: async () => {
      const started = spawn('setpriv', ['--pdeathsig', 'KILL', program, ...argv], {
        stdio: 'ignore',
        env: { ...environment, PATH: path },
      });
      await new Promise((resolve, reject) => started.once('spawn', resolve).once('error', reject));
      child = started;
    },
    kill: async (signal = 'SIGKILL') => {
      const running = child;
      child = undefined;
      if (!running || running.exitCode !== null || running.signalCode !== null) return;
      const gone = new Promise((resolve) => running.once('exit', resolve));
      running.kill(signal);
      await gone;
    },
  };
}

interface ConfigOptions {
  readonly folder: string;
  readonly name: string;
  readonly cpus: number;
  readonly controllerPort: number;
  readonly nodePort: number;
}

function configOf({ folder, name, cpus, controllerPort, nodePort }: ConfigOptions): string {
  const user = userInfo().username;
  return [
    'ClusterName=test',
    `SlurmctldHost=${name}(127.0.0.1)`,
    `SlurmctldPort=${controllerPort}`,
    `SlurmdPort=${nodePort}`,
    `SlurmUser=${user}`,
    `SlurmdUser=${user}`,
    'AuthType=auth/munge',
    'CredType=cred/munge',
    `AuthInfo=socket=${folder}/run/munge.sock`,
    // No cgroups: a container has none that may be written to.
    'ProctrackType=proctrack/linuxproc',
    'TaskPlugin=task/none',
    'JobAcctGatherType=jobacct_gather/none',
    'SwitchType=switch/none',
    'MpiDefault=none',
    'SelectType=select/cons_tres',
    'SelectTypeParameters=CR_Core_Memory',
    'SchedulerParameters=batch_sched_delay=0,sched_min_interval=0,sched_interval=1',
    // More cores than the machine has, for jobs that sleep.
    'SlurmdParameters=config_overrides',
    'AccountingStorageType=accounting_storage/none',
    'MailProg=/bin/true',
    'ReturnToService=2',
    'MinJobAge=7200',
    'KillWait=2',
    'MessageTimeout=5',
    'PreemptType=preempt/partition_prio',
    'PreemptMode=CANCEL',
    `StateSaveLocation=${folder}/state`,
    `SlurmdSpoolDir=${folder}/spool`,
    `SlurmctldPidFile=${folder}/run/slurmctld.pid`,
    `SlurmdPidFile=${folder}/run/slurmd.pid`,
    `SlurmctldLogFile=${folder}/log/slurmctld.log`,
    `SlurmdLogFile=${folder}/log/slurmd.log`,
    'GresTypes=gpu',
    `NodeName=${name} NodeAddr=127.0.0.1 CPUs=${cpus} RealMemory=${cpus * 100} Gres=gpu:2 State=UNKNOWN`,
    'PartitionName=debug Nodes=ALL Default=YES MaxTime=INFINITE State=UP PriorityTier=1 DefMemPerCPU=100',
    'PartitionName=urgent Nodes=ALL MaxTime=INFINITE State=UP PriorityTier=2 DefMemPerCPU=100 PreemptMode=OFF',
    '',
  ].join('\n');
}

/** Asks ten times a second, at most for so many seconds; whether it became true. */
async function untilTrue(isSo: () => Promise<boolean>, seconds: number): Promise<boolean> {
  for (let left = seconds * 10; left > 0; left -= 1) {
    if (await isSo()) return true;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  return false;
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  return typeof address === 'object' && address ? address.port : 0;
}
