/** The program on a terminal of its own, which is read while it runs. */
import { fileURLToPath } from 'node:url';
import { execa } from 'execa';
import { expect, onTestFinished } from 'vitest';
import { argumentsOf } from './cages.ts';
import { nocturneCommand } from './program.ts';
import { until } from './until.ts';

const terminal = fileURLToPath(new URL('../fixtures/terminal.py', import.meta.url));

export interface OnTerminal {
  /** Resolves once what the terminal was sent is so; rejects when the program has ended before. */
  readonly until: (isSo: (sent: string) => boolean) => Promise<void>;
  /** All that the terminal was sent, once the program has ended with exit code 0. */
  readonly end: () => Promise<string>;
}

/** Starts the program in a folder, on a terminal with `columns` columns; it is ended with the test at the latest. */
export function startOnTerminal(
  folder: string,
  columns: number,
  args: readonly string[],
  env: Readonly<Record<string, string>>,
): OnTerminal {
  const command = [terminal, String(columns), ...nocturneCommand, ...argumentsOf(args, env)];
  const child = execa('python3', command, { cwd: folder, env: { TERM: 'xterm-256color', ...env }, reject: false });
  onTestFinished(() => void child.kill('SIGKILL'));
  let sent = '';
  child.stdout.on('data', (data) => {
    sent += data;
  });
  let hasEnded = false;
  void child.then(() => {
    hasEnded = true;
  });
  return {
    until: async (isSo) => {
      await until(() => hasEnded || isSo(sent));
      expect(isSo(sent), sent).toBe(true);
    },
    end: async () => {
      const { stdout, exitCode } = await child;
      expect(exitCode, stdout).toBe(0);
      return stdout;
    },
  };
}

/** The lines of the run in flight, each as it was drawn. */
export function framesOf(sent: string): string[] {
  return [...sent.matchAll(/((?:baseline run|experiment) \d+ {2}[^\r\n]*)\r\n/g)].map(([, frame = '']) => frame);
}
