/**
 * A Python process that answers each line with a line, started on the first question and kept for the next ones.
 *
 * It holds no state, so one that dies or hangs is killed, and the next question starts another. It does not keep this process
 * alive, and it ends with this process, which closes the pipe that questions come through.
 */
import { createInterface } from 'node:readline';
import { execa } from 'execa';
import { createTurns } from '../../core/base/turns.ts';
import { afterRunning } from '../running-timer.ts';
import { unrefAll } from '../unref-all.ts';

export interface LineProcess {
  /**
   * The line that comes back, after the answers to earlier questions; undefined when the process died or took too long while this
   * one ran, or on abort. Throws where the command cannot be started.
   */
  readonly ask: (line: string, limitSeconds: number, signal?: AbortSignal) => Promise<string | undefined>;
}

export interface LineProcessOptions {
  /** The command of an interpreter. */
  readonly python: string;
  readonly args: readonly string[];
  /** Variables beside this process's own. */
  readonly env?: Readonly<Record<string, string>>;
}

/** Starts nothing yet. */
export function createLineProcess(options: LineProcessOptions): LineProcess {
  let running: Child | undefined;
  const askOnce: LineProcess['ask'] = async (line, limitSeconds, signal) => {
    if (!running?.isThere()) running = start(options);
    const child = running;
    const answer = await child.ask(line, limitSeconds, signal);
    if (answer === undefined) child.kill();
    return answer;
  };
  const inTurn = createTurns();
  return { ask: (line, limitSeconds, signal) => inTurn(() => askOnce(line, limitSeconds, signal)) };
}

interface Child extends LineProcess {
  readonly isThere: () => boolean;
  readonly kill: () => void;
}

function start({ python, args, env = {} }: LineProcessOptions): Child {
  const child = execa(python, args, {
    stdin: 'pipe',
    stderr: 'ignore',
    buffer: false,
    reject: false,
    // In a process group of its own: Ctrl-C and a closed terminal signal ours. Execa does not end such a process at our exit.
    detached: true,
    env,
  });
  let isKilled = false;
  let answered: (line: string | undefined) => void = () => {};
  createInterface({ input: child.stdout }).on('line', (line) => answered(line));
  const kill = () => {
    isKilled = true;
    child.kill('SIGKILL');
  };
  process.once('exit', kill);
  void child.then(() => {
    process.off('exit', kill);
    answered(undefined);
  });
  // Writing to a process that has just died fails here; the question then has no answer.
  child.stdin.on('error', () => answered(undefined));
  unrefAll(child, [child.stdin, child.stdout]);
  return {
    isThere: () => !isKilled && child.pid !== undefined && child.exitCode === null && child.signalCode === null,
    kill,
    ask: async (line, limitSeconds, signal) => {
      if (signal?.aborted) return undefined;
      const answer = new Promise<string | undefined>((resolve) => {
        answered = resolve;
      });
      const giveUp = () => answered(undefined);
      // The timer is also what keeps this process alive until the answer comes.
      const stopTimer = afterRunning(limitSeconds * 1000, giveUp);
      signal?.addEventListener('abort', giveUp);
      child.stdin.write(`${line}\n`, (error) => error && giveUp());
      try {
        const said = await answer;
        if (child.pid === undefined) throw (await child).cause ?? new Error(`${python} cannot be started`);
        return said;
      } finally {
        stopTimer();
        signal?.removeEventListener('abort', giveUp);
      }
    },
  };
}
