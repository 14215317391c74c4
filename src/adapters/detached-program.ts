/**
 * Starts this program again in a session of its own, without a terminal: a closed window, a dropped connection and Ctrl-C
 * do not reach it. What it prints goes to a log.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, constants, fstatSync, openSync, writeSync } from 'node:fs';
import { SettingsError } from '../core/base/errors.ts';
import { readTextFrom } from './files/read-file.ts';

export interface DetachedProgram {
  readonly pid: number;
  /** Its exit code once it has ended, 130 where a signal ended it; undefined while it runs. */
  readonly exitCode: () => number | undefined;
  /** What it has printed so far, at most 64 KiB. */
  readonly said: () => Promise<string>;
  /** Asks it to stop. */
  readonly stop: () => void;
  /** From now on it does not keep this process alive. */
  readonly leave: () => void;
}

/** Starts the program with these arguments; its output is appended to the log behind a line that names the time. */
export async function startDetached(args: readonly string[], log: string): Promise<DetachedProgram> {
  const file = openLog(log);
  const [, program = ''] = process.argv;
  try {
    writeSync(file, `\n${new Date().toISOString()} nocturne ${args.join(' ')}\n`);
    const { size } = fstatSync(file);
    const stdio: ['ignore', number, number] = ['ignore', file, file];
    const child = spawn(process.execPath, [...process.execArgv, program, ...args], { stdio, detached: true });
    await once(child, 'spawn');
    return {
      pid: child.pid ?? 0,
      exitCode: () => exitCodeOf(child),
      said: async () => (await readTextFrom(log, size, maxSaidBytes)) ?? '',
      stop: () => void child.kill('SIGTERM'),
      leave: () => child.unref(),
    };
  } finally {
    closeSync(file);
  }
}

const maxSaidBytes = 1 << 16;

function exitCodeOf({ exitCode, signalCode }: ChildProcess): number | undefined {
  return signalCode === null ? (exitCode ?? undefined) : 130;
}

function openLog(path: string): number {
  const { O_WRONLY, O_CREAT, O_APPEND, O_NONBLOCK } = constants;
  try {
    // Without the last flag, opening a pipe that a script has put there waits for a reader.
    return openSync(path, O_WRONLY | O_CREAT | O_APPEND | O_NONBLOCK);
  } catch (cause) {
    throw new SettingsError(`${path} must be a file that can be written, found: ${(cause as Error).message}.`, {
      hint: 'Move it out of the way, or choose another --tag.',
      cause,
    });
  }
}
