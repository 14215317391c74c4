/**
 * A Python process that answers search questions with Optuna, started on the first one and kept for the next.
 *
 * When it dies or hangs, another one is asked the same question.
 */
import { z } from 'zod';
import { parseJson } from '../../../core/base/parse-json.ts';
import { type Expectation, expectationSchema } from '../../../core/journal/entry.ts';
import type { SearchQuestion } from '../../../core/space/search/search-question.ts';
import { packagePath } from '../../package-root.ts';
import type { Optuna } from '../../python/find-optuna.ts';
import { createLineProcess } from '../../python/line-process.ts';

const answerSchema = z.union([
  z.object({
    values: z.record(z.string(), z.number()),
    sampler: z.string(),
    expects: expectationSchema.optional(),
  }),
  z.object({ error: z.string() }),
]);

export type OptunaAnswer =
  | {
      readonly kind: 'answer';
      readonly values: Readonly<Record<string, number>>;
      readonly sampler: string;
      /** What the model expects of these values, where it has one. */
      readonly expects?: Expectation | undefined;
    }
  | { readonly kind: 'failed'; readonly reason: string };

export interface OptunaProcess {
  readonly ask: (question: SearchQuestion, signal: AbortSignal) => Promise<OptunaAnswer>;
}

/** How long one answer may take: a few hundred trials take seconds, and the first answer waits for torch to load. */
const maxAnswerSeconds = 120;
/** Times that a question is asked: when the process dies or hangs, a new one is asked. */
const maxAttempts = 3;

/** Starts nothing yet. */
export function createOptunaProcess({ python, sites }: Optuna, limitSeconds = maxAnswerSeconds): OptunaProcess {
  const child = createLineProcess({
    python,
    args: ['-u', packagePath('src', 'python', 'ask_optuna.py'), ...sites],
    env: { OMP_NUM_THREADS: '1', OPENBLAS_NUM_THREADS: '1', MKL_NUM_THREADS: '1', PYTHONHASHSEED: '0' },
  });
  return {
    ask: async (question, signal) => {
      for (let attempt = 1; attempt <= maxAttempts; attempt++) {
        const line = await child.ask(JSON.stringify(question), limitSeconds, signal);
        if (line !== undefined) return readAnswer(line);
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
