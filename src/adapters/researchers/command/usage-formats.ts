/**
 * The forms in which coding agents print what they used, each as seen in the outputs under `tests/fixtures/agents`.
 *
 * An agent's output is data: a line that is no JSON, or not of the expected shape, says nothing.
 */
import { z } from 'zod';
import type { TokenUsage } from '../../../core/base/model-usage.ts';
import { parseJson } from '../../../core/base/parse-json.ts';

/** What one model of an agent used. */
export interface ModelSpending {
  /** As the agent names it; undefined when it does not. */
  readonly model: string | undefined;
  readonly usage: TokenUsage;
  /** Undefined when the agent does not report it. */
  readonly usd: number | undefined;
}

type Spendings = readonly ModelSpending[] | undefined;

const count = z.number().nonnegative().catch(0).default(0);

/** Claude ends with one `result` that has it all; before that each message has its usage, repeated for each block. */
export function readClaude(output: string): Spendings {
  const lines = jsonLines(output);
  const result = lines.flatMap((line) => claudeResult.safeParse(line).data ?? []).at(-1);
  if (result) {
    return Object.entries(result.modelUsage).map(([model, used]) => ({
      model,
      usage: {
        uncachedInput: used.inputTokens,
        cachedInput: used.cacheReadInputTokens,
        cacheWrite: used.cacheCreationInputTokens,
        ...(used.cacheCreationEphemeral5mInputTokens > 0 && {
          shortCacheWrite: used.cacheCreationEphemeral5mInputTokens,
        }),
        output: used.outputTokens,
      },
      usd: used.costUSD,
    }));
  }
  const messages = lines.flatMap((line) => claudeMessage.safeParse(line).data?.message ?? []);
  if (messages.length === 0) return undefined;
  return [...new Map(messages.map((message) => [message.id, message])).values()].map(({ model, usage }) => ({
    model,
    usage: {
      uncachedInput: usage.input_tokens,
      cachedInput: usage.cache_read_input_tokens,
      cacheWrite: usage.cache_creation_input_tokens,
      output: usage.output_tokens,
    },
    usd: undefined,
  }));
}

const claudeResult = z.object({
  type: z.literal('result'),
  modelUsage: z.record(
    z.string(),
    z.object({
      inputTokens: count,
      outputTokens: count,
      cacheReadInputTokens: count,
      cacheCreationInputTokens: count,
      cacheCreationEphemeral5mInputTokens: count,
      costUSD: z.number().nonnegative().optional(),
    }),
  ),
});

const claudeMessage = z.object({
  type: z.literal('assistant'),
  message: z.object({
    id: z.string(),
    // An error comes as a message of a model whose name begins with `<`.
    model: z.string().refine((name) => !name.startsWith('<')),
    usage: z.object({
      input_tokens: count,
      cache_read_input_tokens: count,
      cache_creation_input_tokens: count,
      output_tokens: count,
    }),
  }),
});

/** Codex reports the sum so far at the end of each turn; its input includes the cache, and it names no model. */
export function readCodex(output: string): Spendings {
  const last = jsonLines(output)
    .flatMap((line) => codexTurn.safeParse(line).data ?? [])
    .at(-1);
  if (!last) return undefined;
  const { input_tokens: input, cached_input_tokens: cached, cache_write_input_tokens: written } = last.usage;
  const usage = {
    uncachedInput: Math.max(0, input - cached - written),
    cachedInput: cached,
    cacheWrite: written,
    output: last.usage.output_tokens,
  };
  return [{ model: undefined, usage, usd: undefined }];
}

const codexTurn = z.object({
  type: z.literal('turn.completed'),
  usage: z.object({
    input_tokens: z.number().nonnegative(),
    cached_input_tokens: count,
    cache_write_input_tokens: count,
    output_tokens: z.number().nonnegative(),
  }),
});

/** Gemini prints one object at its end, over many lines; its prompt includes the cache, its thoughts are output. */
export function readGemini(output: string): Spendings {
  const ended = geminiEnd.safeParse(lastObject(output));
  if (!ended.success) return undefined;
  return Object.entries(ended.data.stats.models).map(([model, { tokens }]) => ({
    model,
    usage: {
      uncachedInput: Math.max(0, tokens.prompt + tokens.tool - tokens.cached),
      cachedInput: tokens.cached,
      cacheWrite: 0,
      output: tokens.candidates + tokens.thoughts,
    },
    usd: undefined,
  }));
}

const geminiEnd = z.object({
  stats: z.object({
    models: z.record(
      z.string(),
      z.object({
        tokens: z.object({
          prompt: z.number().nonnegative(),
          candidates: z.number().nonnegative(),
          cached: count,
          thoughts: count,
          tool: count,
        }),
      }),
    ),
  }),
});

/** Opencode reports each step; its input excludes the cache. Its calls for a session's title are not reported. */
export function readOpencode(output: string): Spendings {
  const steps = jsonLines(output).flatMap((line) => opencodeStep.safeParse(line).data?.part ?? []);
  if (steps.length === 0) return undefined;
  return steps.map(({ tokens, cost }) => ({
    model: undefined,
    usage: {
      uncachedInput: tokens.input,
      cachedInput: tokens.cache.read,
      cacheWrite: tokens.cache.write,
      output: tokens.output + tokens.reasoning,
    },
    usd: cost,
  }));
}

const opencodeStep = z.object({
  type: z.literal('step_finish'),
  part: z.object({
    tokens: z.object({
      input: z.number().nonnegative(),
      output: z.number().nonnegative(),
      reasoning: count,
      cache: z.object({ read: count, write: count }),
    }),
    cost: z.number().nonnegative().optional(),
  }),
});

/** The lines of an output that begin like JSON objects, parsed; undefined stands for one that is none. */
export function jsonLines(output: string): readonly unknown[] {
  return output.split('\n').flatMap((line) => (line.startsWith('{') ? [parseJson(line)] : []));
}

/** The last JSON object that begins with a line `{` and ends with the output's last `}`; undefined where there is none. */
export function lastObject(output: string): unknown {
  const end = output.lastIndexOf('}');
  const begin = output.startsWith('{\n') && !output.includes('\n{\n') ? 0 : output.lastIndexOf('\n{\n') + 1;
  return parseJson(output.slice(begin, end + 1));
}
