/**
 * Another machine by the system's `ssh`: one connection for all commands, with the owner's own configuration and keys.
 */
import { mkdir } from 'node:fs/promises';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { SettingsError } from '../../../core/base/errors.ts';
import type { Argv } from '../../../core/journal/settings/argv.ts';
import { Unreachable } from './parts.ts';
import { quoted } from './quoted.ts';

export interface SshOptions {
  /** `user@host`, or a name of the owner's ssh configuration. */
  readonly host: string;
  /** Further options of `ssh`. */
  readonly options?: Argv | undefined;
}

export interface SshCommand {
  /** The command's input: a text, or the content of a file. */
  readonly input?: string;
  readonly inputFile?: string;
  /** A file that gets what it prints, in place of `stdout`. */
  readonly outputFile?: string;
}

export interface Ssh {
  /** Runs a command there, in the home. Throws `Unreachable` where the connection cannot be had or breaks. */
  readonly run: (argv: Argv, command?: SshCommand) => Promise<{ exitCode: number; stdout: string; stderr: string }>;
  /** Ends the connection, which else lasts for a while. */
  readonly close: () => Promise<void>;
}

/** What ssh itself exits with, whatever the command. */
const sshFailed = 255;

/** A connection that is made when it is first needed, and again when it broke. It asks no question: keys and hosts must be known. */
export function createSsh({ host, options = [] }: SshOptions): Ssh {
  // Not in a study's folder: a socket's whole path may be 100 characters long.
  const folder = join(tmpdir(), `nocturne-ssh-${userInfo().uid}`);
  const settings = [
    ...['BatchMode=yes', 'ControlMaster=auto', `ControlPath=${folder}/%C`, 'ControlPersist=600'],
    ...['ConnectTimeout=20', 'ServerAliveInterval=15', 'ServerAliveCountMax=4'],
  ];
  const base = [...settings.flatMap((setting) => ['-o', setting]), ...options];
  return {
    run: async (argv, { input, inputFile, outputFile } = {}) => {
      await mkdir(folder, { recursive: true, mode: 0o700 });
      const said = await execa('ssh', [...base, host, '--', quoted(argv)], {
        reject: false,
        ...(inputFile === undefined ? { input: input ?? '' } : { inputFile }),
        ...(outputFile === undefined ? {} : { stdout: { file: outputFile } }),
        stripFinalNewline: false,
      });
      if (said.code === 'ENOENT')
        throw new SettingsError('`ssh` is not on this machine.', { hint: 'Install OpenSSH.' });
      const [stdout, stderr] = [String(said.stdout ?? ''), String(said.stderr ?? '')];
      if (said.exitCode === undefined || said.exitCode === sshFailed) throw new Unreachable(whyOf(host, stderr));
      return { exitCode: said.exitCode, stdout, stderr };
    },
    close: async () => {
      await execa('ssh', [...base, '-O', 'exit', host], { reject: false });
    },
  };
}

function whyOf(host: string, stderr: string): string {
  const last = stderr.trim().split('\n').at(-1) ?? '';
  return `ssh to ${host} fails${last === '' ? '' : `: ${last.replace(/\.$/, '')}`}`;
}
