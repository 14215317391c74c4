/** A terminal window with a shell in it, as a person has one, and a study that the shell runs in the foreground. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { execa } from 'execa';
import { expect, onTestFinished } from 'vitest';
import { journalOf } from './nocturne.ts';
import { until } from './until.ts';

const script = fileURLToPath(new URL('../fixtures/window.py', import.meta.url));

export interface Window {
  /** Types a command line. */
  readonly type: (command: string) => void;
  readonly pressCtrlC: () => void;
  /** Closes it, as by a click; the shell and the kernel then signal what runs in it. */
  readonly close: () => void;
  /** Resolves once the terminal has been sent this text this number of times (default: once). */
  readonly untilSent: (text: string, times?: number) => Promise<void>;
}

/** Opens a window in a folder; it is closed with the test at the latest. */
export function openWindow(folder: string, variables: Readonly<Record<string, string>>): Window {
  const { PATH = '', HOME = '', TMPDIR } = process.env;
  const own = { PATH, HOME, ...(TMPDIR && { TMPDIR }), TERM: 'xterm-256color', LC_ALL: 'C' };
  const git = { GIT_CONFIG_GLOBAL: '/dev/null', GIT_CONFIG_NOSYSTEM: '1', XDG_CACHE_HOME: '/nowhere/cache' };
  const env = { ...own, ...git, ...variables };
  const child = execa('python3', [script], { cwd: folder, env, extendEnv: false, stdin: 'pipe', reject: false });
  onTestFinished(() => void child.kill('SIGKILL'));
  let sent = '';
  child.stdout.on('data', (data) => {
    sent += data;
  });
  const order = (text: string) => void child.stdin.write(`${text}\n`);
  return {
    type: (command) => order(`type ${command}`),
    pressCtrlC: () => order('press C'),
    close: () => order('close'),
    untilSent: async (text, times = 1) => {
      await until(() => sent.split(text).length > times).catch(() => {});
      expect(sent).toContain(text);
    },
  };
}

/** Words as one command line for a shell. */
export function quoted(words: readonly string[]): string {
  return words.map((word) => `'${word.replaceAll("'", "'\\''")}'`).join(' ');
}

/** The number of the process that works on a study; undefined when none has its lock. */
export function controllerOf(folder: string, tag: string): number | undefined {
  const text = textOf(join(folder, 'runs', tag, 'lock'));
  return text === '' ? undefined : JSON.parse(text).pid;
}

/** Resolves once no process works on the study any more: the lock is given back, and the process that had it is gone. */
export async function untilReleased(folder: string, tag: string, controller: number | undefined): Promise<void> {
  await until(() => controllerOf(folder, tag) === undefined && !isRunning(controller)).catch(() => {
    throw new Error(`process ${controller} goes on:\n${JSON.stringify(journalOf(folder, tag).slice(-3))}`);
  });
}

/** Whether a process is there and has not ended; a zombie has. */
export function isRunning(pid: number | string | undefined): boolean {
  const stat = textOf(`/proc/${pid}/stat`);
  return stat !== '' && !/^[ZX]/.test(stat.slice(stat.lastIndexOf(')') + 2));
}

function textOf(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}
