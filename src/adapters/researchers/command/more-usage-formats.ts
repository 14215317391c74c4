/**
 * The forms in which pi, mini-swe-agent and aider say what they used, each as seen in the outputs under
 * `tests/fixtures/agents`.
 */
import { z } from 'zod';
import { parseJson } from '../../../core/base/parse-json.ts';
import { jsonLines, type ModelSpending } from './usage-formats.ts';

type Spendings = readonly ModelSpending[] | undefined;

const count = z.number().nonnegative().catch(0).default(0);
const money = z.number().nonnegative().optional().catch(undefined);

/** Pi reports each message at its end, and all of them once more at its own; its input excludes the cache. */
export function readPi(output: string): Spendings {
  const lines = jsonLines(output);
  const end = lines.flatMap((line) => piEnd.safeParse(line).data ?? []).at(-1);
  const messages = end?.messages ?? lines.flatMap((line) => piMessageEnd.safeParse(line).data?.message ?? []);
  const answers = messages.flatMap((message) => piAnswer.safeParse(message).data ?? []);
  if (answers.length === 0) return undefined;
  return answers.map(({ model, usage }) => ({
    model,
    usage: {
      uncachedInput: usage.input,
      cachedInput: usage.cacheRead,
      cacheWrite: usage.cacheWrite,
      output: usage.output,
    },
    usd: usage.cost?.total,
  }));
}

const piAnswer = z.object({
  role: z.literal('assistant'),
  model: z.string().optional(),
  usage: z.object({
    input: z.number().nonnegative(),
    output: z.number().nonnegative(),
    cacheRead: count,
    cacheWrite: count,
    cost: z.object({ total: money }).optional(),
  }),
});
const piMessageEnd = z.object({ type: z.literal('message_end'), message: z.unknown() });
const piEnd = z.object({ type: z.literal('agent_end'), messages: z.array(z.unknown()) });

/**
 * Mini-swe-agent writes its whole conversation into a file, with the provider's replies in it; one without a tool call stands
 * with the complaint about it. The cost is known of all together.
 */
export function readMini(report: string): Spendings {
  const found = miniReport.safeParse(parseJson(report));
  if (!found.success || found.data.info.model_stats.api_calls === 0) return undefined;
  const replies = found.data.messages.flatMap((message) => miniReply.safeParse(message).data?.extra.response ?? []);
  const parts = replies.map(({ model, usage }): ModelSpending => {
    const input = usage.prompt_tokens ?? usage.input_tokens ?? 0;
    const details = usage.prompt_tokens_details ?? usage.input_tokens_details;
    const cached = details?.cached_tokens ?? 0;
    const written = usage.cache_creation_input_tokens;
    return {
      model,
      usage: {
        uncachedInput: Math.max(0, input - cached - written),
        cachedInput: cached,
        cacheWrite: written,
        output: usage.completion_tokens ?? usage.output_tokens ?? 0,
      },
      usd: 0,
    };
  });
  const { instance_cost: usd } = found.data.info.model_stats;
  const [first, ...others] = parts;
  return first ? [{ ...first, usd }, ...others] : undefined;
}

const miniReport = z.object({
  info: z.object({ model_stats: z.object({ instance_cost: z.number().nonnegative(), api_calls: count }) }),
  messages: z.array(z.unknown()),
});
const cachedTokens = z.object({ cached_tokens: count }).nullish().catch(undefined);
const miniReply = z.object({
  extra: z.object({
    response: z.object({
      model: z.string().optional(),
      usage: z.object({
        prompt_tokens: z.number().nonnegative().optional(),
        completion_tokens: z.number().nonnegative().optional(),
        input_tokens: z.number().nonnegative().optional(),
        output_tokens: z.number().nonnegative().optional(),
        prompt_tokens_details: cachedTokens,
        input_tokens_details: cachedTokens,
        cache_creation_input_tokens: count,
      }),
    }),
  }),
});

/**
 * Aider writes each message it sends into its log of events, with a name of the model that may be left out; its prompt
 * includes the cache, of which it says no more.
 */
export function readAiderLog(report: string, output: string): Spendings {
  const model = aiderModel(output);
  const sent = jsonLines(report).flatMap((line) => aiderSent.safeParse(line).data?.properties ?? []);
  if (sent.length === 0) return undefined;
  return sent.map(({ prompt_tokens: prompt, completion_tokens: completion, cost }) => ({
    model,
    usage: { uncachedInput: prompt, cachedInput: 0, cacheWrite: 0, output: completion },
    usd: cost,
  }));
}

const aiderSent = z.object({
  event: z.literal('message_send'),
  properties: z.object({
    prompt_tokens: z.number().nonnegative(),
    completion_tokens: z.number().nonnegative(),
    cost: money,
  }),
});

/** What aider prints after each message, rounded: `Tokens: 2.0k sent, 50 received. Cost: $0.0021 message, $0.0021 session.` */
export function readAider(output: string): Spendings {
  const model = aiderModel(output);
  const found = [...output.matchAll(aiderLine)].map(([, sent = '', written = '', hit = '', received = '', usd]) => {
    const [prompt, cacheWrite, cachedInput] = [tokensIn(sent), tokensIn(written), tokensIn(hit)];
    return {
      model,
      usage: {
        uncachedInput: Math.max(0, prompt - cacheWrite - cachedInput),
        cachedInput,
        cacheWrite,
        output: tokensIn(received),
      },
      usd: usd === undefined ? undefined : Number(usd),
    };
  });
  return found.length === 0 ? undefined : found;
}

function aiderModel(output: string): string | undefined {
  return /^(?:Main model|Model): (\S+)/m.exec(output)?.[1];
}

const aiderLine =
  /^Tokens: ([\d.]+k?) sent(?:, ([\d.]+k?) cache write)?(?:, ([\d.]+k?) cache hit)?, ([\d.]+k?) received\.(?:\s+Cost: \$(\d+(?:\.\d+)?) message)?/gm;

function tokensIn(text: string): number {
  return text.endsWith('k') ? Math.round(Number(text.slice(0, -1)) * 1000) : Number(text);
}
