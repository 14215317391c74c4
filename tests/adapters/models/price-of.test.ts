import { expect, test } from 'vitest';
import { priceOf, pricesAsOf } from '../../../src/adapters/models/price-of.ts';

test.each([
  ['anthropic:claude-sonnet-5-5', 2, 10],
  ['openai:gpt-6-sol', 2, 10],
  ['openai:gpt-6-sol-2026-03-01', 2, 10],
  ['anthropic:claude-opus-5-5-20260901', 4, 20],
  ['langchain:openai:gpt-6-luna', 0.1, 0.5],
])('%s costs what the list says', (model, input, output) => {
  expect(priceOf(model)).toMatchObject({ input, output });
});

test.each(['openai:gpt-99', 'openrouter:openai/gpt-99', 'groq:llama', 'anthropic:gpt-6-sol', 'openai:constructor', ''])(
  'the price of `%s` is unknown, which is not 0',
  (model) => {
    expect(priceOf(model)).toBeUndefined();
  },
);

test.each(['ollama:qwen3', 'vllm:qwen3', 'lmstudio:x', 'scripted:replies.yaml'])(
  '%s is free by its nature',
  (model) => {
    expect(priceOf(model)).toMatchObject({ input: 0, output: 0 });
  },
);

test('the owner’s price wins, by full name or by the model’s alone', () => {
  const mine = { input: 7, output: 8 };
  expect(priceOf('openai:gpt-6-sol', { 'openai:gpt-6-sol': mine })).toEqual(mine);
  expect(priceOf('openrouter:meta/llama', { 'meta/llama': mine })).toEqual(mine);
  expect(priceOf('ollama:qwen3', { 'ollama:qwen3': mine })).toEqual(mine);
});

test('the list says its day', () => {
  expect(pricesAsOf).toMatch(/^\d{4}-\d{2}-\d{2}$/);
});
