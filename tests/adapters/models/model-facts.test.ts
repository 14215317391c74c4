import { expect, test } from 'vitest';
import { contextOf, factsOf, listedModels, maxOutputOf } from '../../../src/adapters/models/model-facts.ts';
import { hasBreakpoints } from '../../../src/adapters/models/openai/breakpoints.ts';
import { priceOf, priceOfName } from '../../../src/adapters/models/price-of.ts';
import { costOf, noUsage } from '../../../src/core/base/model-usage.ts';

const day = '2026-11-29';
const million = 1_000_000;

/** What a request with this usage costs in US dollars. */
function cost(model: string, usage: Partial<Parameters<typeof costOf>[0]>, on = day): number {
  const price = priceOf(model, {}, on);
  if (price === undefined) throw new Error(`${model} has no price`);
  return costOf({ ...noUsage, ...usage }, price);
}

// Each figure stands on the provider's own page (November 2026).
test.each([
  ['Haiku 5.5 above 100,000 tokens: five times', 'anthropic:claude-haiku-5-5', { uncachedInput: 200_000 }, 0.1],
  ['Haiku 5.5 at 100,000 tokens', 'anthropic:claude-haiku-5-5', { uncachedInput: 100_000 }, 0.01],
  ['its cached input and its reply too', 'anthropic:claude-haiku-5-5', { cachedInput: 200_000, output: 1000 }, 0.0125],
  ['gpt-6.1-sol above 272,000: twice', 'openai:gpt-6.1-sol', { uncachedInput: 300_000, output: 1000 }, 1.215],
  ['gpt-6.1-sol at 272,000', 'openai:gpt-6.1-sol', { uncachedInput: 272_000 }, 0.544],
  ['a write with gpt-6.1-terra, for 30 minutes', 'openai:gpt-6.1-terra', { cacheWrite: 100_000 }, 0.125],
  ['gpt-6.2-sol', 'openai:gpt-6.2-sol', { uncachedInput: 100_000, cachedInput: 100_000, output: 1000 }, 0.22],
  ['gpt-6.2-astra above 272,000', 'openai:gpt-6.2-astra', { uncachedInput: 300_000, output: 1000 }, 4.86],
  ['fable-5-2', 'anthropic:claude-fable-5-2', { uncachedInput: 300_000, cachedInput: million, output: 1000 }, 2.64],
  ['an hour’s write with fable-5-2', 'anthropic:claude-fable-5-2', { cacheWrite: 100_000 }, 1.6],
  ['a write for minutes', 'anthropic:claude-fable-5-2', { cacheWrite: 100_000, shortCacheWrite: 100_000 }, 1],
  [
    'Gemini 4 Neon',
    'google-genai:gemini-4-neon',
    { uncachedInput: 100_000, cachedInput: million, output: 1000 },
    0.465,
  ],
  ['Gemini 2.5 Pro above 200,000', 'google:gemini-2.5-pro', { uncachedInput: 300_000, output: 1000 }, 0.765],
  ['DeepSeek at peak hours', 'deepseek:deepseek-v4-pro', { uncachedInput: 100_000, cachedInput: million }, 0.176],
  ['Grok above 200,000', 'xai:grok-4.7', { uncachedInput: 300_000, output: 1000 }, 1.212],
  ['Mistral', 'mistralai:mistral-large-4', { uncachedInput: 100_000, output: 1000 }, 0.0721],
  ['OpenRouter', 'openrouter:anthropic/claude-haiku-5.5', { uncachedInput: 200_000 }, 0.1],
])('%s', (_, model, usage, expected) => {
  expect(cost(model, usage)).toBeCloseTo(expected, 9);
});

test.each([
  ['google:gemini-4-argon', '2026-11-30', 2, 10],
  ['google:gemini-4-argon', '2026-12-01', 4, 20],
  ['google:gemini-3.8-flash', '2026-12-31', 0.75, 3.75],
  ['google:gemini-3.8-flash', '2027-01-01', 1.5, 7.5],
])('%s costs on %s what the provider has announced for that day', (model, on, input, output) => {
  expect(priceOf(model, {}, on)).toMatchObject({ input, output });
});

test.each([
  ['openai:gpt-6.2-sol', 1_050_000, 128_000],
  ['anthropic:claude-haiku-4-5-20251001', 200_000, 64_000],
  ['langchain:deepseek:deepseek-flash', 1_000_000, 384_000],
  ['xai:grok-4.7', 500_000, undefined],
  ['openai:gpt-99', undefined, undefined],
  ['ollama:qwen3', undefined, undefined],
  ['openai:constructor', undefined, undefined],
  ['aliases:models', undefined, undefined],
])('what fits into %s is known, or unknown', (model, context, maxOutput) => {
  expect([contextOf(model), maxOutputOf(model)]).toEqual([context, maxOutput]);
});

test('a variant that OpenRouter prices by itself is unknown', () => {
  expect(priceOf('openrouter:anthropic/claude-sonnet-5.5:nitro')).toBeUndefined();
  expect(priceOf('openrouter:deepseek/deepseek-v4-pro')).toBeUndefined();
});

test('agents name their models without a provider', () => {
  expect(priceOfName('gpt-6.2-sol')).toMatchObject({ input: 2, output: 10 });
  expect(priceOfName('gemini-4-neon')).toMatchObject({ input: 3, output: 15 });
  expect(priceOfName('made-up')).toBeUndefined();
});

test('every listed model has its source, its day and a price above 0', () => {
  for (const [provider, { models }] of Object.entries(listedModels.providers)) {
    for (const name of Object.keys(models)) {
      const facts = factsOf(`${provider}:${name}`, day);
      expect(facts, name).toMatchObject({ source: expect.stringMatching(/^https:/), date: expect.any(String) });
      expect(facts?.price.input, name).toBeGreaterThan(0);
      expect(facts?.price.output, name).toBeGreaterThanOrEqual(facts?.price.input ?? 0);
      expect(facts?.price.cachedInput ?? 0, name).toBeLessThan(facts?.price.input ?? 0);
    }
  }
});

test('the list and the request agree on which of OpenAI’s models have breakpoints', () => {
  for (const [name, { cache }] of Object.entries(listedModels.providers.openai?.models ?? {})) {
    expect(hasBreakpoints(name), name).toBe(cache === 'breakpoints');
  }
});
