/**
 * What the input of a study by a language model costs by the documented rules of the providers' prompt caches: 100
 * experiments through the real SDKs, seven minutes apart, with no run in between.
 */
import { resolve } from 'node:path';
import { z } from 'zod';
import { priceOf } from '../src/adapters/models/price-of.ts';
import { costOf } from '../src/core/base/model-usage.ts';
import { countFlag, defineBench } from './bench.ts';
import { type CachedStudy, cachedStudy, type StudyInput } from './cache/cached-study.ts';
import { type BenchReport, round } from './report.ts';

/** What a provider's own documents say is read as `openai` and, where they leave a doubt, strictly. */
export const studies: readonly CachedStudy[] = [
  { provider: 'OpenAI, Responses', model: 'openai:gpt-6.2-sol', adapter: 'openai/responses.ts', rule: 'openai' },
  { provider: 'OpenAI, strictly', model: 'openai:gpt-6.2-sol', adapter: 'openai/responses.ts', rule: 'openai-strict' },
  { provider: 'OpenAI, Chat', model: 'openai:gpt-6.2-sol', adapter: 'openai/chat.ts', rule: 'openai' },
  { provider: 'Anthropic', model: 'anthropic:claude-sonnet-5-5', adapter: 'anthropic/anthropic.ts', rule: 'anthropic' },
  {
    provider: "OpenRouter's Claude",
    model: 'openrouter:anthropic/claude-sonnet-5.5',
    adapter: 'openai/chat.ts',
    rule: 'anthropic',
  },
];

interface CacheFlags {
  readonly experiments: number;
  /** Folder with a clone of another commit, whose input is counted beside this one's. */
  readonly beside?: string | undefined;
}

interface Figures {
  readonly provider: string;
  readonly model: string;
  readonly calls: number;
  readonly inputTokens: number;
  /** Of the input, in per cent. */
  readonly cached: number;
  readonly written: number;
  readonly usd: number;
  readonly beside?: { readonly inputTokens: number; readonly cached: number; readonly usd: number };
  /** The cost here divided by the other commit's. */
  readonly ratio?: number;
}

/** `npm run bench -- cache`. */
export const bench = defineBench('cache', {
  summary: 'what of a model study the prompt caches hold, and what its input costs [--experiments N] [--beside CLONE]',
  flags: { experiments: countFlag(100), beside: z.string().optional() },
  measure,
});

async function measure({ experiments, beside }: CacheFlags): Promise<BenchReport> {
  const here = resolve(import.meta.dirname, '..');
  const figures: Figures[] = [];
  for (const study of studies) {
    const own = summarise(study, await cachedStudy(here, study, experiments));
    const other =
      beside === undefined ? undefined : summarise(study, await cachedStudy(resolve(beside), study, experiments));
    figures.push({
      ...own,
      ...(other && {
        beside: { inputTokens: other.inputTokens, cached: other.cached, usd: other.usd },
        ratio: round(own.usd / other.usd, 3),
      }),
    });
  }
  return { figures: { experiments, providers: figures }, table: tableOf(figures) };
}

function summarise({ provider, model }: CachedStudy, { calls, cached, written, shortWritten, uncached }: StudyInput) {
  const price = priceOf(model);
  if (price === undefined) throw new Error(`the price of ${model} is not known`);
  const input = cached + written + uncached;
  const usage = { uncachedInput: uncached, cachedInput: cached, cacheWrite: written, shortCacheWrite: shortWritten };
  return {
    provider,
    model,
    calls,
    inputTokens: input,
    cached: round((100 * cached) / input, 1),
    written: round((100 * written) / input, 1),
    // No request is long enough for a tier, so all of them may be counted as one.
    usd: round(costOf({ ...usage, output: 0 }, { ...price, above: undefined }), 3),
  };
}

function tableOf(figures: readonly Figures[]): string[] {
  const line = (cells: readonly unknown[]) =>
    cells
      .map((cell) => String(cell ?? '').padEnd(20))
      .join('')
      .trimEnd();
  return [
    line(['provider', 'input tokens', 'cached %', 'written %', 'USD', 'beside: cached %', 'USD', 'ratio']),
    ...figures.map(({ provider, inputTokens, cached, written, usd, beside, ratio }) =>
      line([provider, inputTokens, cached, written, usd, beside?.cached, beside?.usd, ratio]),
    ),
  ];
}
