/**
 * A command of this program in a session of its own, which outlives the terminal, and whose output goes to the study's log.
 */
import { join, relative } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { type DetachedProgram, startDetached } from '../../adapters/detached-program.ts';
import { logFile } from '../../adapters/files/study-files.ts';
import { printJson, say } from '../terminal/print.ts';

export interface Detaching {
  /** The command line, without the flag that detaches it. */
  readonly args: readonly string[];
  readonly tag: string;
  readonly studyFolder: string;
  /** What runs, as the beginning of a sentence. */
  readonly what: string;
  /** Whether this process works on the study by now. */
  readonly isStarted: (pid: number) => Promise<boolean>;
  /** `--tag` and `--brief` as the owner types them. */
  readonly lookFlags: string;
  readonly isJson: boolean;
}

/** Starts the command, waits until it works on the study and says where it is; gives the exit code. */
export async function detach({ args, tag, studyFolder, isJson, ...detaching }: Detaching): Promise<number> {
  const log = join(studyFolder, logFile);
  const run = await startDetached(args, log);
  const exitCode = await untilStarted(run, detaching.isStarted);
  run.leave();
  if (exitCode !== undefined && exitCode !== 0) {
    say((await run.said()).trimEnd());
    return exitCode;
  }
  if (isJson) printJson({ tag, pid: run.pid, log });
  else say(whereItIs(run.pid, log, detaching));
  return 0;
}

function whereItIs(pid: number, log: string, { what, lookFlags }: Pick<Detaching, 'what' | 'lookFlags'>): string {
  return [
    `${what} runs as process ${pid}, in a session of its own: it goes on when this terminal is closed.`,
    `It writes to ${relative('.', log)}. Follow it with \`nocturne watch ${lookFlags}\`, end it with \`nocturne stop ${lookFlags}\`.`,
  ].join('\n');
}

/** Time between two looks whether the study has started. */
const lookMilliseconds = 50;

/** Resolves with undefined once the study has started, with the exit code when the run ends before. */
async function untilStarted(run: DetachedProgram, isStarted: (pid: number) => Promise<boolean>) {
  // Until the owner is told that it goes on by itself, Ctrl-C means the run too.
  process.on('SIGINT', run.stop);
  try {
    for (;;) {
      const exitCode = run.exitCode();
      if (exitCode !== undefined || (await isStarted(run.pid))) return exitCode;
      await delay(lookMilliseconds);
    }
  } finally {
    process.off('SIGINT', run.stop);
  }
}
