/**
 * The way to another machine over ssh, for jobs that travel.
 */
import { SettingsError } from '../../../core/base/errors.ts';
import { Unreachable } from './parts.ts';
import type { Ssh } from './ssh.ts';
import type { Transport } from './travelling.ts';

export interface SshTransportOptions {
  /** Below which everything lies there: absolute, or from the home (default: `.nocturne`). */
  readonly folder?: string | undefined;
  /** The python there (default: `python3`). */
  readonly python?: string | undefined;
}

/** Finds the folder once, and makes what must be there. */
export function sshTransport(ssh: Ssh, { folder = '.nocturne', python = 'python3' }: SshTransportOptions): Transport {
  let root: Promise<string> | undefined;
  const findRoot = async (): Promise<string> => {
    const said = await ssh.run(['sh', '-c', makeRoot, 'sh', folder]);
    if (said.exitCode === 0) return said.stdout.trim();
    throw new SettingsError(`The folder ${folder} cannot be made on the other machine: ${said.stderr.trim()}`, {
      hint: 'Name one that may be written to with `folder:`.',
    });
  };
  const rootOnce = async (): Promise<string> => {
    root ??= findRoot();
    try {
      return await root;
    } catch (error) {
      root = undefined;
      throw error;
    }
  };
  return {
    python,
    root: rootOnce,
    put: async (file, path) => {
      const said = await ssh.run(['sh', '-c', receive, 'sh', `${await rootOnce()}/${path}`], { inputFile: file });
      if (said.exitCode !== 0) throw new Unreachable(`what a run needs cannot be sent: ${said.stderr.trim()}`);
    },
    run: (argv, command) => ssh.run(argv, command),
  };
}

const makeRoot = 'mkdir -p "$1/archives" "$1/orders" && cd "$1" && pwd -P';
const receive = 'cat > "$1.$$" && mv -f "$1.$$" "$1"';
