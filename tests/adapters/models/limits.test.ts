import { describe, expect, test } from 'vitest';
import { createModel, type ModelSettings } from '../../../src/adapters/models/create-model.ts';
import { createFittingModel } from '../../../src/adapters/models/fitting-model.ts';
import { readLimits } from '../../../src/adapters/models/read-limits.ts';
import { windowIn } from '../../../src/adapters/models/server-window.ts';
import type { Model, ModelRequest } from '../../../src/ports/model.ts';
import { startModelServer } from '../../helpers/model-server/model-server.ts';

const request: ModelRequest = {
  system: 'You research.',
  messages: [{ role: 'user', text: 'Propose.' }],
  tools: [],
  maxOutputTokens: 16_000,
};

describe('limits in words', () => {
  test.each([
    [
      "This model's maximum context length is 8192 tokens and your request has 2613 input tokens",
      { context: 8192, input: 2613 },
    ],
    [
      'maximum context length is 16384 tokens. However, you requested 18613 tokens (2613 in the messages, 16000 in the completion)',
      { context: 16384, input: 2613 },
    ],
    [
      "This endpoint's maximum context length is 32768 tokens. However, you requested about 40000 tokens (24000 of text input, 16000 in the output).",
      { context: 32768, input: 24000 },
    ],
    [
      'maximum context length is 8192 tokens. However, you requested 7000 output tokens and your prompt contains at least 1193 input tokens',
      { context: 8192, input: undefined },
    ],
    ['the request exceeds the available context size (4096 tokens), try increasing it', { context: 4096 }],
    ['the model is loaded with context length of only 4096 tokens, which is not enough', { context: 4096 }],
    [
      '`inputs` tokens + `max_new_tokens` must be <= 8193. Given: 3000 `inputs` tokens and 16000 `max_new_tokens`',
      { context: 8193, input: 3000 },
    ],
    [
      'input length and `max_tokens` exceed context limit: 188240 + 21333 > 200000, decrease input length',
      { context: 200000, input: 188240 },
    ],
    ['max_tokens is too large: 16000. This model supports at most 4096 completion tokens', { maxOutput: 4096 }],
    ['Invalid max_tokens value, the valid range of max_tokens is [1, 8192]', { maxOutput: 8192 }],
    ['Range of max_tokens should be [1, 8192]', { maxOutput: 8192 }],
    ['`max_completion_tokens` must be less than or equal to `8192`, the maximum value', { maxOutput: 8192 }],
    ['max_tokens: 16000 > 8192, which is the maximum allowed number of output tokens for claude', { maxOutput: 8192 }],
    [
      'Unable to submit request because it has a maxOutputTokens value of 16000 but the supported range is from 1 (inclusive) to 8193 (exclusive)',
      { maxOutput: 8192 },
    ],
    ['You requested up to 16000 tokens, but can only afford 7900.', { maxOutput: 7900 }],
    ['Rate limit reached', { context: undefined, input: undefined, maxOutput: undefined }],
  ])('%s', (message, limits) => {
    expect(readLimits(message)).toMatchObject(limits);
  });
});

describe('a window in what a server says of its models', () => {
  test.each([
    ['vLLM', { data: [{ id: 'm', max_model_len: 8192 }] }, 8192, undefined],
    [
      'LM Studio',
      { data: [{ id: 'm', state: 'loaded', max_context_length: 131072, loaded_context_length: 4096 }] },
      4096,
      undefined,
    ],
    [
      'OpenRouter',
      {
        data: [
          { id: 'm', context_length: 200000, top_provider: { context_length: 131072, max_completion_tokens: 32000 } },
        ],
      },
      131072,
      32000,
    ],
    ['groq', { data: [{ id: 'm', context_window: 131072, max_completion_tokens: 32768 }] }, 131072, 32768],
    ['llama.cpp', { default_generation_settings: { n_ctx: 4096 } }, 4096, undefined],
    ['Ollama', { models: [{ name: 'm:latest', context_length: 4096 }] }, 4096, undefined],
    ['one model of another name', { data: [{ id: '/models/m', max_model_len: 2048 }] }, 2048, undefined],
    [
      'several models of other names',
      {
        data: [
          { id: 'a', max_model_len: 1 },
          { id: 'b', max_model_len: 2 },
        ],
      },
      undefined,
      undefined,
    ],
    ['no list', '<html>', undefined, undefined],
    ['nothing', undefined, undefined, undefined],
  ])('%s', (_, body, context, maxOutput) => {
    expect(windowIn(body, 'm')).toEqual({ context, maxOutput });
  });
});

/** What a model made of these settings asks for. */
async function asked(settings: Omit<ModelSettings, 'environment'>, sent: ModelRequest = request) {
  const server = await startModelServer([{ reply: { text: 'ok' } }]);
  const baseUrl = settings.model.startsWith('anthropic') ? server.url : server.openAIUrl;
  const environment = { OPENAI_API_KEY: 'k', ANTHROPIC_API_KEY: 'k' };
  const model = await createModel({ baseUrl, environment, ...settings });
  await model.complete(sent, AbortSignal.timeout(5000));
  await server.close();
  return server.requests[0]?.body;
}

describe('the owner’s settings act on every wire', () => {
  test.each([
    [{ model: 'vllm:x' }, { reasoning_effort: 'high' }],
    [{ model: 'openrouter:x/y' }, { reasoning: { effort: 'high' } }],
    [{ model: 'openai:gpt-6-sol', api: 'responses' }, { reasoning: { effort: 'high' } }],
    [{ model: 'anthropic:claude-sonnet-5-5' }, { output_config: { effort: 'high' } }],
    [{ model: 'langchain:openai:gpt-6-sol' }, { max_completion_tokens: 16_000 }],
  ] as const)('effort with %j', async (settings, body) => {
    expect(await asked({ ...settings, effort: 'high' })).toMatchObject(body);
  });

  test.each(['vllm:x', 'anthropic:claude-sonnet-5-5', 'langchain:openai:gpt-4.1'])('context with %s', async (model) => {
    const body = await asked({ model, context: 8192 });
    const limit = body.max_tokens ?? body.max_completion_tokens;
    expect(limit).toBeGreaterThan(7000);
    expect(limit).toBeLessThan(8192);
  });

  test.each([
    'openai:any-new-model',
    'langchain:openai:gpt-6-sol',
    'langchain:openai:gpt-5',
    'langchain:openai:o4-mini',
  ])('%s asks by the name that OpenAI’s models that reason take', async (model) => {
    const body = await asked({ model });
    expect(body).toMatchObject({ max_completion_tokens: 16_000 });
    expect(body).not.toHaveProperty('max_tokens');
  });
});

describe('a server that reads less than it was sent', () => {
  const bytesOf = (tokens: number) => 'x '.repeat(tokens * 2);

  /** The lines that are told when requests of so many characters are counted as so many tokens. */
  async function told(isOllama: boolean, calls: readonly (readonly [string, number])[]) {
    const lines: string[] = [];
    const counted = calls.map(([, input]) => input).values();
    const served: Model = {
      name: 'x',
      complete: async () => {
        const uncachedInput = counted.next().value ?? 0;
        const usage = { uncachedInput, cachedInput: 0, cacheWrite: 0, output: 5 };
        return { kind: 'answer', text: 'ok', calls: [], model: 'x', usage };
      },
    };
    const known = { context: undefined, maxOutput: undefined };
    const model = createFittingModel(served, { known, isOllama, tell: (line) => lines.push(line) });
    for (const [text] of calls) {
      await model.complete({ ...request, messages: [{ role: 'user', text }] }, AbortSignal.timeout(5000));
    }
    return lines;
  }

  test('is told once, with the variable to set', async () => {
    const lines = await told(true, [
      [bytesOf(17_000), 4096],
      [bytesOf(17_000), 4096],
    ]);
    expect(lines).toEqual([expect.stringContaining('OLLAMA_CONTEXT_LENGTH')]);
    expect(lines[0]).toContain('4096 tokens');
  });

  test('is told of Ollama when requests grow and what it counts does not', async () => {
    expect(
      await told(true, [
        [bytesOf(4000), 3900],
        [bytesOf(6000), 3900],
      ]),
    ).toHaveLength(1);
    expect(
      await told(false, [
        [bytesOf(4000), 3900],
        [bytesOf(6000), 3900],
      ]),
    ).toHaveLength(0);
  });

  test('is not told of one that reads all of it, nor of a short request, nor without a count', async () => {
    expect(
      await told(true, [
        [bytesOf(17_000), 17_500],
        [bytesOf(5000), 5100],
        [bytesOf(6000), 6200],
      ]),
    ).toEqual([]);
    expect(await told(true, [[bytesOf(500), 100]])).toEqual([]);
    expect(await told(true, [[bytesOf(17_000), 0]])).toEqual([]);
  });
});
