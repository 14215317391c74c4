/**
 * Runs the commands of a cluster: on this machine, or over one ssh connection to a login node.
 */
import { execa } from 'execa';
import { SettingsError } from '../../../core/base/errors.ts';
import type { Argv } from '../../../core/journal/settings/argv.ts';
import { allowedEnvironment } from '../../run-folders/environment.ts';
import { Unreachable } from '../travel/parts.ts';
import type { Ssh } from '../travel/ssh.ts';

export interface Said {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a command with this text as its input. Throws `Unreachable` where it cannot be run now. */
export type RunCommand = (argv: Argv, input?: string) => Promise<Said>;

/** A controller that is away lets each command of Slurm wait for 9 s by default, and longer on large clusters. */
const timeout = 120_000;

/** Runs commands here. They see neither the owner's keys, which `sbatch` would hand on to jobs, nor of which job this is a part. */
export function localCommands(environment: Readonly<Record<string, string | undefined>>): RunCommand {
  const own = Object.entries(allowedEnvironment(environment, [])).filter(([name]) => isOfNoJob(name));
  const ofSubmission = Object.entries(environment).filter(([name]) => name.startsWith('SBATCH_'));
  const env = Object.fromEntries([...own, ...ofSubmission]);
  return async ([program = '', ...args], input = '') => {
    const said = await execa(program, args, { env, extendEnv: false, input, reject: false, timeout });
    if (said.code === 'ENOENT') throw notHere(program);
    if (said.timedOut) throw new Unreachable(`\`${program}\` did not answer in ${timeout / 1000} s`);
    return { exitCode: said.exitCode ?? 1, stdout: String(said.stdout), stderr: String(said.stderr) };
  };
}

/**
 * Runs commands over ssh; in a login shell where only such a one finds them, as where a site puts Slurm on the PATH in its profile. What
 * the profile prints stands before what the command prints.
 */
export function sshCommands(ssh: Ssh): RunCommand {
  let prefix: Argv | undefined;
  const find = async (program: string): Promise<Argv> => {
    const { exitCode } = await ssh.run(['sh', '-c', 'command -v "$1"', 'sh', program]);
    return exitCode === 0 ? [] : ['bash', '-lc', 'exec "$@"', 'bash'];
  };
  return async (argv, input = '') => {
    prefix ??= await find(argv[0] ?? '');
    const said = await ssh.run([...prefix, ...argv], { input });
    if (said.exitCode === 127) throw notThere(argv[0] ?? '');
    return said;
  };
}

/** Within a job of Slurm, its variables would give a new one the same shape. */
function isOfNoJob(name: string): boolean {
  return !name.startsWith('SLURM_') || name === 'SLURM_CONF' || name === 'SLURM_CLUSTERS';
}

function notThere(program: string): SettingsError {
  return new SettingsError(`\`${program}\` is not on the host that the brief names for Slurm.`, {
    hint: 'Name a login node of the cluster: `slurm: { host: me@login.example.org }`.',
  });
}

function notHere(program: string): SettingsError {
  return new SettingsError(`\`${program}\` is not on this machine, and engine slurm needs it.`, {
    hint: 'Run Nocturne on a login node of the cluster, or name one that ssh reaches: `slurm: { host: me@login.example.org }` in the brief.',
  });
}
