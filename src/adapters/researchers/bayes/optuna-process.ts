/**
 * A Python process that answers search questions with Optuna, started on the first one and kept for the next.
 *
 * It holds no state, so one that died or hangs is ended, started anew and asked the same again. It never keeps this
 * process alive, and ends with it: its questions come through a pipe that closes with us.
 */
import type { ChildProcess } from 'node:child_process';
import { createInterface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';
import { execa } from 'execa';
import { z } from 'zod';
import { ok } from '../../../core/base/errors.ts';
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
const longestAnswerSeconds = 120;
/** A process that dies or hangs is asked anew so often. */
const attempts = 3;

/** Starts nothing yet. */
export function createOptunaProcess(optuna: Optuna, limitSeconds = longestAnswerSeconds): OptunaProcess {
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
      for (let attempt = 1; attempt <= attempts; attempt++) {
        const answer = await askOnce(question, signal);
        if (answer !== 'gone') return answer;
        if (signal.aborted) return { kind: 'failed', reason: 'it was interrupted' };
      }
      return { kind: 'failed', reason: `it gave no answer in ${attempts} attempts of at most ${limitSeconds} s` };
    },
  };
}

function readAnswer(line: string): OptunaAnswer {
  const parsed = answerSchema.safeParse(parseJson(line));
  if (!parsed.success) return { kind: 'failed', reason: `it answered ${JSON.stringify(line.slice(0, 200))}` };
  const answer = parsed.data;
  return 'error' in answer ? { kind: 'failed', reason: answer.error } : { kind: 'answer', ...answer };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

interface Child {
  /** One line out, one line back; undefined when it died, took too long or is no longer wanted. */
  readonly ask: (line: string, limitSeconds: number, signal: AbortSignal) => Promise<string | undefined>;
  readonly kill: () => void;
}

function start({ python, sites }: Optuna): Child {
  const child = execa(python, ['-u', packagePath('src', 'python', 'ask_optuna.py'), ...sites], {
    stdin: 'pipe',
    stderr: 'ignore',
    buffer: false,
    reject: false,
    env: { OMP_NUM_THREADS: '1', OPENBLAS_NUM_THREADS: '1', MKL_NUM_THREADS: '1', PYTHONHASHSEED: '0' },
  });
  let settle: (line: string | undefined) => void = () => {};
  createInterface({ input: child.stdout }).on('line', (line) => settle(line));
  void child.then(() => settle(undefined));
  // A write to a process that just died; its end is what is acted on.
  child.stdin.on('error', () => settle(undefined));
  letGo(child, [child.stdin, child.stdout]);
  return {
    kill: () => void child.kill('SIGKILL'),
    ask: async (line, limitSeconds, signal) => {
      if (signal.aborted || child.exitCode !== null || child.signalCode !== null) return undefined;
      const answered = new Promise<string | undefined>((resolve) => {
        settle = resolve;
      });
      const giveUp = () => settle(undefined);
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

/** An idle process must not keep ours from ending. */
function letGo(child: Pick<ChildProcess, 'unref'>, streams: readonly (Readable | Writable)[]): void {
  child.unref();
  for (const stream of streams) {
    ok('unref' in stream && typeof stream.unref === 'function', 'a pipe is a socket');
    stream.unref();
  }
}
