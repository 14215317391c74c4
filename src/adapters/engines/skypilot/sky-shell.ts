/**
 * Commands on a rented machine, by the ssh configuration that sky wrote for it: one connection, which stays open between calls.
 *
 * A call of `sky` takes seconds; one of these takes none.
 */
import { createReadStream } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { homedir, tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { Readable } from 'node:stream';
import { execa } from 'execa';
import { quoted } from '../travel/quoted.ts';

/** The machine did not answer: it may be gone, or only out of reach. */
export class NoAnswer extends Error {}

export interface SkyShell {
  /** Runs `away_job.py`, with what is to be read from its standard input; what it printed. Rejects with NoAnswer. */
  readonly call: (args: readonly string[], input?: string) => Promise<Buffer>;
  /** Puts a file, or a text, below the root there, whole or not at all. */
  readonly put: (content: { readonly file: string } | { readonly text: string }, path: string) => Promise<void>;
  readonly close: () => Promise<void>;
}

/** Our folder on the machine, as its shell writes it. */
export const rootThere = '"$HOME"/.nocturne';
/** What ssh itself exits with when it has no connection. */
const noConnection = 255;
const maxBytes = 4 * 1024 * 1024 * 1024;

/** A shell on the machine that sky knows by this name. */
export async function openSkyShell(name: string, environment: NodeJS.ProcessEnv = process.env): Promise<SkyShell> {
  // Short: a socket's path may have 107 bytes.
  const sockets = await mkdtemp(join(tmpdir(), 'noc-'));
  const generated = join(environment.HOME ?? homedir(), '.sky', 'generated');
  const options = [
    ...['-F', join(generated, 'ssh', name)],
    // `~` in that file is the home that the system knows for the user, where sky takes that of the variable.
    ...['-o', `IdentityFile=${join(generated, 'ssh-keys', `${name}.key`)}`],
    ...['-o', 'ControlMaster=auto', '-o', `ControlPath=${sockets}/%C`, '-o', 'ControlPersist=60'],
    ...['-o', 'BatchMode=yes', '-o', 'ConnectTimeout=10', '-o', 'LogLevel=ERROR'],
    ...['-o', 'ServerAliveInterval=10', '-o', 'ServerAliveCountMax=3'],
  ];

  async function run(command: string, input: Readable): Promise<Buffer> {
    const { exitCode, stdout, stderr, failed } = await execa('ssh', [...options, name, command], {
      ...{
        input,
        encoding: 'buffer',
        stripFinalNewline: false,
        reject: false,
        maxBuffer: maxBytes,
        env: environment,
        extendEnv: false,
      },
    });
    if (!failed) return Buffer.from(stdout);
    const said = Buffer.from(stderr).toString('utf8').trim().split('\n').at(-1) ?? '';
    if (exitCode === noConnection || exitCode === undefined) throw new NoAnswer(said || 'ssh was ended');
    throw new Error(`${command} on ${name} exited with ${exitCode}: ${said}`);
  }

  return {
    call: (args, input = '') =>
      run(`python3 ${rootThere}/away_job.py ${words(args)}`, Readable.from([Buffer.from(input)])),
    put: async (content, path) => {
      const target = `${rootThere}/${quoted([path])}`;
      const folder = path.includes('/') ? `${rootThere}/${quoted([dirname(path)])}` : rootThere;
      const input = 'file' in content ? createReadStream(content.file) : Readable.from([Buffer.from(content.text)]);
      await run(`mkdir -p ${folder} && cat > ${target}.part && mv ${target}.part ${target}`, input);
    },
    close: async () => {
      await execa('ssh', [...options, '-O', 'exit', name], { reject: false, env: environment, extendEnv: false });
      await rm(sockets, { recursive: true, force: true });
    },
  };
}

/** The verb, our folder there, and the rest. */
function words([verb = '', ...rest]: readonly string[]): string {
  return [quoted([verb]), rootThere, quoted(rest)].join(' ');
}
