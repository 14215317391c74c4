/**
 * Calls Google's `colab` CLI: one call at a time, since two of them rewrite each other's record of a session, with a state file of
 * the study's own and never a standard input, from which it would read an authorization code.
 */
import { mkdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import { execa, type Subprocess } from 'execa';
import { SettingsError } from '../../../core/base/errors.ts';
import { createTurns } from '../../../core/base/turns.ts';
import { readTextEnd } from '../../files/read-file.ts';
import type { ColabAnswer } from './answers.ts';

/** How its owner signs in: the CLI's own sign-in, or Google's application default credentials. */
export type ColabAuth = 'oauth2' | 'adc';

export interface ColabProgramOptions {
  /** The command, such as `colab`. */
  readonly program: string;
  readonly auth: ColabAuth;
  /** Absolute path of the file in which the CLI keeps the study's sessions. */
  readonly stateFile: string;
  /** What the CLI runs with: its sign-in is in the owner's HOME. */
  readonly environment: Readonly<Record<string, string | undefined>>;
}

export interface ColabProgram {
  /** Runs one command of the CLI after those before it; ends it after so many seconds, or when the signal says. */
  readonly call: (args: readonly string[], seconds: number, more?: CallOptions) => Promise<ColabAnswer>;
  /** The same at once, beside another call: for commands that leave the record of the session alone. */
  readonly aside: ColabProgram['call'];
  /** Starts a command that outlives this process, and does not wait for it; ends the calls whose answers only this process reads. */
  readonly leave: (args: readonly string[]) => void;
}

interface CallOptions {
  /** Gets stdout as it comes, besides. */
  readonly onOutput?: (text: string) => void;
  /** Ends the call. */
  readonly signal?: AbortSignal;
  /** The file that gets what it prints, so that it ends in order even when this process is killed meanwhile. */
  readonly log?: string;
}

/** Plain lines that a program can read: whole, without colours, and no boxes around tracebacks. */
const plain = {
  PYTHONUNBUFFERED: '1',
  PYTHONIOENCODING: 'utf-8',
  COLUMNS: '1000',
  NO_COLOR: '1',
  TERM: 'dumb',
  _TYPER_STANDARD_TRACEBACK: '1',
};

/** How the CLI is called for one study. */
export function openColabProgram({ program, auth, stateFile, environment }: ColabProgramOptions): ColabProgram {
  const options = ['--auth', auth, '--config', stateFile];
  const inTurn = createTurns();
  const read = new Set<Subprocess>();

  async function start(args: readonly string[], seconds: number, more: CallOptions): Promise<ColabAnswer> {
    const { onOutput, signal, log } = more;
    // It makes the folder itself, but only after it has looked for a lock there.
    await mkdir(dirname(stateFile), { recursive: true });
    if (signal?.aborted) return { exitCode: undefined, stdout: '', stderr: '' };
    // In a session of its own: Ctrl-C in the terminal is for the controller, which then ends what is to be ended.
    const child = execa(program, [...options, ...args], {
      stdin: 'ignore',
      stdout: log === undefined ? 'pipe' : { file: log },
      stderr: log === undefined ? 'pipe' : { file: `${log}.errors` },
      reject: false,
      timeout: seconds * 1000,
      forceKillAfterDelay: 2000,
      detached: true,
      extendEnv: false,
      env: { ...environment, ...plain },
      ...(signal && { cancelSignal: signal }),
    });
    if (onOutput) child.stdout?.on('data', (data: Buffer) => onOutput(data.toString('utf8')));
    if (log === undefined) read.add(child);
    const { exitCode, stdout, stderr, code } = await child;
    read.delete(child);
    if (code === 'ENOENT' || code === 'EACCES') throw notInstalled(program);
    if (log === undefined) return { exitCode, stdout: String(stdout ?? ''), stderr: String(stderr ?? '') };
    return { exitCode, stdout: await written(log), stderr: await written(`${log}.errors`) };
  }

  return {
    call: (args, seconds, more = {}) => inTurn(() => start(args, seconds, more)),
    aside: (args, seconds, more = {}) => start(args, seconds, more),
    leave: (args) => {
      for (const child of read) child.kill('SIGKILL');
      const quiet = { stdio: 'ignore', reject: false, detached: true, extendEnv: false, env: environment } as const;
      execa(program, [...options, ...args], quiet).unref();
    },
  };
}

const maxBytes = 1 << 20;

async function written(path: string): Promise<string> {
  return (await readTextEnd(path, maxBytes)) ?? '';
}

function notInstalled(program: string): SettingsError {
  return new SettingsError(`The colab engine needs Google's \`colab\` CLI, and \`${program}\` cannot be started.`, {
    hint: 'Install it with `uv tool install google-colab-cli` (it needs Python 3.12 or newer), or name it as `program` of `colab:` in the brief.',
  });
}
