/**
 * A Python process that answers search questions with Optuna, started on the first one and kept for the next.
 *
 * It holds no state, so when it dies or hangs it is killed, started again and asked the same question. It does not keep
 * this process alive, and it ends with this process, which closes the pipe that questions come through.
 */
import type { ChildProcess } from 'node:child_process';
import { createInterface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';
import { execa } from 'execa';
import { z } from 'zod';
import { ok } from '../../../core/base/errors.ts';
import { parseJson } from '../../../core/base/parse-json.ts';
import type { SearchQuestion } from '../../../core/space/search/search-question.ts';
import { packagePath } from '../../package-root.ts';
import type { Optuna } from '../../python/find-optuna.ts';

const answerSchema = z.union([
  z.object({ values: z.record(z.string(), z.number()), sampler: z.string() }),
  z.object({ error: z.string() }),
]);

export type OptunaAnswer =
  | { readonly kind: 'answer'; readonly values: Readonly<Record<string, number>>; readonly sampler: string }
  | { readonly kind: 'failed'; readonly reason: string };

export interface OptunaProcess {
  readonly ask: (question: SearchQuestion, signal: AbortSignal) => Promise<OptunaAnswer>;
}

/** How long one answer may take: a few hundred trials take seconds, and the first answer waits for torch to load. */
const maxAnswerSeconds = 120;
/** Times that a question is asked: when the process dies or hangs, a new one is asked. */
const maxAttempts = 3;

/** Starts nothing yet. */
export function createOptunaProcess(optuna: Optuna, limitSeconds = maxAnswerSeconds): OptunaProcess {
  let running: Child | undefined;
  const askOnce = async (question: SearchQuestion, signal: AbortSignal): Promise<OptunaAnswer | 'gone'> => {
    running ??= start(optuna);
    const child = running;
    const line = await child.ask(JSON.stringify(question), limitSeconds, signal);
    if (line === undefined) {
      child.kill();
      running = undefined;
      return 'gone';
    }
    return readAnswer(line);
  };
  return {
    ask: async (question, signal) => {
      for (let attempt = 1; attempt <= maxAttempts; attempt++) {
        const answer = await askOnce(question, signal);
        if (answer !== 'gone') return answer;
        if (signal.aborted) return { kind: 'failed', reason: 'it was interrupted' };
      }
      return { kind: 'failed', reason: `it gave no answer in ${maxAttempts} attempts of at most ${limitSeconds} s` };
    },
  };
}

function readAnswer(line: string): OptunaAnswer {
  const parsed = answerSchema.safeParse(parseJson(line));
  if (!parsed.success) return { kind: 'failed', reason: `it answered ${JSON.stringify(line.slice(0, 200))}` };
  const answer = parsed.data;
  return 'error' in answer ? { kind: 'failed', reason: answer.error } : { kind: 'answer', ...answer };
}

interface Child {
  /** Sends a line and gives the line that comes back; undefined when the process died or took too long, or on abort. */
  readonly ask: (line: string, limitSeconds: number, signal: AbortSignal) => Promise<string | undefined>;
  readonly kill: () => void;
}

function start({ python, sites }: Optuna): Child {
  const child = execa(python, ['-u', packagePath('src', 'python', 'ask_optuna.py'), ...sites], {
    stdin: 'pipe',
    stderr: 'ignore',
    buffer: false,
    reject: false,
    // In a process group of its own: Ctrl-C is answered here, by `signal`. Execa does not end such a process at our exit.
    detached: true,
    env: { OMP_NUM_THREADS: '1', OPENBLAS_NUM_THREADS: '1', MKL_NUM_THREADS: '1', PYTHONHASHSEED: '0' },
  });
  let resolveAnswer: (line: string | undefined) => void = () => {};
  createInterface({ input: child.stdout }).on('line', (line) => resolveAnswer(line));
  const kill = () => void child.kill('SIGKILL');
  process.once('exit', kill);
  void child.then(() => {
    process.off('exit', kill);
    resolveAnswer(undefined);
  });
  // Writing to a process that has just died fails here; the question then has no answer.
  child.stdin.on('error', () => resolveAnswer(undefined));
  unrefAll(child, [child.stdin, child.stdout]);
  return {
    kill,
    ask: async (line, limitSeconds, signal) => {
      if (signal.aborted || child.exitCode !== null || child.signalCode !== null) return undefined;
      const answered = new Promise<string | undefined>((resolve) => {
        resolveAnswer = resolve;
      });
      const giveUp = () => resolveAnswer(undefined);
      // The timer is also what keeps this process alive until the answer comes.
      const timer = setTimeout(giveUp, limitSeconds * 1000);
      signal.addEventListener('abort', giveUp);
      child.stdin.write(`${line}\n`, (error) => error && giveUp());
      try {
        return await answered;
      } finally {
        clearTimeout(timer);
        signal.removeEventListener('abort', giveUp);
      }
    },
  };
}

/** An idle process must not keep this one alive. */
function unrefAll(child: Pick<ChildProcess, 'unref'>, streams: readonly (Readable | Writable)[]): void {
  child.unref();
  for (const stream of streams) {
    ok('unref' in stream && typeof stream.unref === 'function', 'a pipe is a socket');
    stream.unref();
  }
}
