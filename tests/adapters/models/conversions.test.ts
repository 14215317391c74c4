import { describe, expect, test } from 'vitest';
import { fromAnthropicUsage } from '../../../src/adapters/models/anthropic/reply.ts';
import { toAnthropicRequest } from '../../../src/adapters/models/anthropic/request.ts';
import { joinAnthropicEvents } from '../../../src/adapters/models/anthropic/stream.ts';
import { toLangChainMessages } from '../../../src/adapters/models/langchain/messages.ts';
import { fromLangChainMessage } from '../../../src/adapters/models/langchain/reply.ts';
import { fromChatReply } from '../../../src/adapters/models/openai/chat-reply.ts';
import { toChatRequest } from '../../../src/adapters/models/openai/chat-request.ts';
import { joinChatChunks } from '../../../src/adapters/models/openai/chat-stream.ts';
import { plainDialect } from '../../../src/adapters/models/openai/dialect.ts';
import { fromResponsesReply } from '../../../src/adapters/models/openai/responses-reply.ts';
import { toResponsesRequest } from '../../../src/adapters/models/openai/responses-request.ts';
import { fromOpenAIUsage } from '../../../src/adapters/models/openai/usage.ts';
import type { ModelMessage, ModelRequest, ToolCall } from '../../../src/ports/model.ts';

const call: ToolCall = { id: 'c1', name: 'edit', arguments: { find: 'a' }, rawArguments: '{"find":"a"}' };
const broken: ToolCall = { id: 'c2', name: 'edit', arguments: undefined, rawArguments: '{"find' };
const parameters = { type: 'object', properties: { find: { type: 'string' } } };

const conversation: readonly ModelMessage[] = [
  { role: 'user', text: 'Propose.' },
  { role: 'assistant', text: '', calls: [call, broken] },
  {
    role: 'tool',
    results: [
      { callId: 'c1', text: 'done', isError: false },
      { callId: 'c2', text: 'not JSON', isError: true },
    ],
  },
  { role: 'user', text: 'Go on.' },
];

const request: ModelRequest = {
  system: 'Be brief.',
  messages: conversation,
  tools: [{ name: 'edit', description: 'Edits.', parameters }],
  maxOutputTokens: 2000,
};

describe('to Anthropic', () => {
  const body = toAnthropicRequest(request, 'claude-sonnet-5-5');

  test('the tools and the system text are cached for an hour, the conversation for minutes', () => {
    expect(body.system).toEqual([{ type: 'text', text: 'Be brief.', cache_control: { type: 'ephemeral', ttl: '1h' } }]);
    expect(JSON.stringify(body.messages.slice(0, -1))).not.toContain('cache_control');
    expect(body.messages.at(-1)?.content.at(-1)).toEqual({
      type: 'text',
      text: 'Go on.',
      cache_control: { type: 'ephemeral', ttl: '5m' },
    });
  });

  test('results and the user’s next words are one turn, results first', () => {
    expect(body.messages.map(({ role }) => role)).toEqual(['user', 'assistant', 'user']);
    expect(body.messages.at(-1)?.content).toMatchObject([
      { type: 'tool_result', tool_use_id: 'c1', is_error: false },
      { type: 'tool_result', tool_use_id: 'c2', is_error: true },
      { type: 'text' },
    ]);
  });

  test('a call that was not JSON goes back with an empty input, and no empty text goes along', () => {
    expect(body.messages[1]?.content).toEqual([
      { type: 'tool_use', id: 'c1', name: 'edit', input: { find: 'a' } },
      { type: 'tool_use', id: 'c2', name: 'edit', input: {} },
    ]);
  });

  test('without a system text the last tool ends the cached prefix', () => {
    const { tools } = toAnthropicRequest({ ...request, system: '' }, 'x');
    expect(tools?.at(-1)).toMatchObject({ cache_control: { ttl: '1h' } });
  });

  test('the prefix is the same bytes from call to call', () => {
    const other = toAnthropicRequest({ ...request, messages: conversation.slice(0, 1) }, 'claude-sonnet-5-5');
    expect(JSON.stringify([other.tools, other.system])).toBe(JSON.stringify([body.tools, body.system]));
  });
});

describe('to OpenAI', () => {
  test('Responses keeps nothing on the provider’s side and takes its thoughts along', () => {
    const body = toResponsesRequest(request, { model: 'gpt-6-sol', isDefaultHost: true });
    expect(body).toMatchObject({ store: false, include: ['reasoning.encrypted_content'], instructions: 'Be brief.' });
    expect(body.prompt_cache_key).toMatch(/^nocturne-[0-9a-f]{16}$/);
    expect(body.input).toContainEqual({ type: 'function_call_output', call_id: 'c2', output: 'Error: not JSON' });
  });

  test('Responses asks a model without reasoning for none', () => {
    expect(toResponsesRequest(request, { model: 'gpt-4.1', isDefaultHost: true }).include).toBeUndefined();
  });

  test('a reply is handed back to Responses as it came', () => {
    const native = [{ type: 'reasoning', id: 'rs', encrypted_content: 'x' }];
    const messages: readonly ModelMessage[] = [{ role: 'assistant', text: 'said', calls: [], native }];
    expect(toResponsesRequest({ ...request, messages }, { model: 'm', isDefaultHost: false }).input).toEqual(native);
  });

  test('Chat names the limit as its server knows it', () => {
    expect(
      toChatRequest(request, { model: 'm', dialect: { ...plainDialect, limit: 'max_completion_tokens' } }),
    ).toMatchObject({ max_completion_tokens: 2000 });
    expect(toChatRequest(request, { model: 'm' })).toMatchObject({ max_tokens: 2000 });
  });

  test('Chat gets arguments that are JSON, whatever the model wrote', () => {
    const [, , assistant] = toChatRequest(request, { model: 'm' }).messages;
    expect(assistant).toEqual({
      role: 'assistant',
      content: null,
      tool_calls: [
        { id: 'c1', type: 'function', function: { name: 'edit', arguments: '{"find":"a"}' } },
        { id: 'c2', type: 'function', function: { name: 'edit', arguments: '{}' } },
      ],
    });
  });

  test('Chat leaves `tools` out when there are none', () => {
    expect(toChatRequest({ ...request, tools: [] }, { model: 'm' })).not.toHaveProperty('tools');
  });
});

test('LangChain gets plain messages, and its own message objects back', () => {
  const native = { lc: 'message object' };
  const messages: readonly ModelMessage[] = [
    { role: 'assistant', text: 'a', calls: [call], native },
    { role: 'assistant', text: 'b', calls: [broken], native },
  ];
  expect(toLangChainMessages({ ...request, messages })).toEqual([
    { role: 'system', content: 'Be brief.' },
    native,
    { role: 'assistant', content: 'b', tool_calls: [{ type: 'tool_call', id: 'c2', name: 'edit', args: {} }] },
  ]);
});

describe('usage', () => {
  test('OpenAI’s input includes the cache', () => {
    expect(fromOpenAIUsage({ input: 1000, cached: 600, written: 300, output: 5 })).toEqual({
      uncachedInput: 100,
      cachedInput: 600,
      cacheWrite: 300,
      output: 5,
    });
  });

  test('OpenAI’s figures that contradict each other never make a negative one', () => {
    expect(fromOpenAIUsage({ input: 10, cached: 50, written: 50, output: 0 })?.uncachedInput).toBe(0);
  });

  test('Anthropic’s input leaves the cache out', () => {
    expect(
      fromAnthropicUsage({
        input_tokens: 100,
        cache_read_input_tokens: 600,
        cache_creation_input_tokens: 300,
        cache_creation: { ephemeral_5m_input_tokens: 40 },
        output_tokens: 5,
      }),
    ).toEqual({ uncachedInput: 100, cachedInput: 600, cacheWrite: 300, shortCacheWrite: 40, output: 5 });
  });
});

describe('from Chat', () => {
  const choice = (message: object, reason = 'stop') => ({ choices: [{ finish_reason: reason, message }] });

  test('arguments that came as an object, and a call without an id, are understood', () => {
    const reply = fromChatReply(choice({ tool_calls: [{ function: { name: 'edit', arguments: { find: 'a' } } }] }));
    expect(reply).toMatchObject({
      kind: 'answer',
      calls: [{ id: expect.stringMatching(/^[0-9a-f]{9}$/), arguments: { find: 'a' } }],
    });
  });

  test.each(['[1]', '"text"', 'null', '12', '{"a":'])('arguments %s are no object', (written) => {
    const reply = fromChatReply(choice({ tool_calls: [{ id: 'c', function: { name: 'edit', arguments: written } }] }));
    expect(reply).toMatchObject({ kind: 'answer', calls: [{ arguments: undefined, rawArguments: written }] });
  });

  test('a server that gives no usage, or counts of 0, has reported none', () => {
    for (const usage of [undefined, null, {}, { prompt_tokens: 0, completion_tokens: 0, total_tokens: 0 }]) {
      expect(fromChatReply({ ...choice({ content: 'x' }), usage })).not.toHaveProperty('usage');
    }
  });

  const counts = { prompt_tokens: 1000, completion_tokens: 50, total_tokens: 1050 };
  const read = { uncachedInput: 400, cachedInput: 600, cacheWrite: 0, output: 50 };
  test.each([
    ['OpenAI and groq', { usage: { ...counts, prompt_tokens_details: { cached_tokens: 600 } } }, read],
    ['groq, earlier', { x_groq: { usage: { ...counts, prompt_tokens_details: { cached_tokens: 600 } } } }, read],
    ['DeepSeek', { usage: { ...counts, prompt_cache_hit_tokens: 600, prompt_cache_miss_tokens: 400 } }, read],
    ['Kimi', { usage: { ...counts, cached_tokens: 600 } }, read],
    [
      'xAI, whose reasoning is in the total alone',
      { usage: { ...counts, total_tokens: 1350, completion_tokens_details: { reasoning_tokens: 300 } } },
      { uncachedInput: 1000, cachedInput: 0, cacheWrite: 0, output: 350 },
    ],
  ])('the usage of %s is read', (_, usage, expected) => {
    expect(fromChatReply({ ...choice({ content: 'x' }), ...usage })).toMatchObject({ usage: expected });
  });

  test.each([
    [{ cost: 0.25 }, 0.25],
    [{ cost: 0.25, is_byok: false, cost_details: { upstream_inference_cost: 0.2 } }, 0.25],
    [{ cost: 0.25, is_byok: true, cost_details: { upstream_inference_cost: 0.5 } }, 0.75],
    [{ cost: null }, undefined],
  ])('OpenRouter with %j charged %s', (cost, usd) => {
    expect(fromChatReply({ ...choice({ content: 'x' }), usage: { ...counts, ...cost } }).usd).toEqual(usd);
  });

  test('thoughts that a server wants back are kept', () => {
    const reply = fromChatReply(choice({ content: 'x', reasoning_details: [{ type: 'reasoning.encrypted' }] }));
    expect(reply).toMatchObject({ native: { extras: { reasoning_details: [{ type: 'reasoning.encrypted' }] } } });
  });

  test('a status in a body of a gateway that answers 200 is the status', () => {
    expect(fromChatReply({ error: { code: 402, message: 'Insufficient credits' } })).toMatchObject({
      action: 'pause',
      code: 'quota-exhausted',
    });
  });

  test('chunks without an index or a type are put together', async () => {
    const chunks = [
      { choices: [{ delta: { tool_calls: [{ id: 'a', function: { name: 'edit', arguments: '{"find":' } }] } }] },
      { choices: [{ delta: { tool_calls: [{ function: { arguments: '"a"}' } }] } }] },
      { choices: [{ delta: { tool_calls: [{ id: 'b', function: { name: 'submit', arguments: '{}' } }] } }] },
      { choices: [{ delta: {}, finish_reason: 'tool_calls' }] },
    ];
    expect(fromChatReply(await joinChatChunks(stream(chunks)))).toMatchObject({
      calls: [
        { id: 'a', name: 'edit', arguments: { find: 'a' } },
        { id: 'b', name: 'submit', arguments: {} },
      ],
    });
  });
});

describe('from Responses', () => {
  test('a reply that failed is the fault that it names', () => {
    const failed = {
      status: 'failed',
      model: 'm',
      output: [],
      error: { code: 'rate_limit_exceeded', message: 'slow' },
    };
    expect(fromResponsesReply(failed)).toMatchObject({ action: 'wait', code: 'rate-limited' });
  });

  test('a reply that is not final is not understood', () => {
    expect(fromResponsesReply({ status: 'queued', model: 'm', output: [] })).toMatchObject({ code: 'invalid-body' });
  });

  test('items of kinds yet unknown are handed back and otherwise left alone', () => {
    const output = [
      { type: 'future_thing', x: 1 },
      { type: 'message', content: [{ type: 'output_text', text: 'hi' }] },
    ];
    expect(fromResponsesReply({ status: 'completed', model: 'm', output })).toMatchObject({
      text: 'hi',
      native: output,
    });
  });

  test('a filtered reply is a refusal', () => {
    const reply = { status: 'incomplete', incomplete_details: { reason: 'content_filter' }, model: 'm', output: [] };
    expect(fromResponsesReply(reply)).toMatchObject({ action: 'repair', code: 'refused' });
  });
});

describe('from LangChain', () => {
  test.each([
    [{ finish_reason: 'length' }, 'truncated'],
    [{ finishReason: 'MAX_TOKENS' }, 'truncated'],
    [{ stopReason: 'max_tokens' }, 'truncated'],
    [{ done_reason: 'length' }, 'truncated'],
    [{ incomplete_details: { reason: 'max_output_tokens' } }, 'truncated'],
    [{ finishReason: 'SAFETY' }, 'refused'],
    [{ stop_reason: 'refusal' }, 'refused'],
    [{ stopReason: 'guardrail_intervened' }, 'refused'],
    [{ stop_reason: 'model_context_window_exceeded' }, 'context-overflow'],
  ])('%j is %s', (metadata, code) => {
    expect(fromLangChainMessage({ content: 'x', response_metadata: metadata })).toMatchObject({
      action: 'repair',
      code,
    });
  });

  test('text comes from blocks too, thoughts do not', () => {
    const content = [{ type: 'thinking', thinking: 'hm' }, { type: 'text', text: 'a' }, 'b'];
    expect(fromLangChainMessage({ content, response_metadata: {} })).toMatchObject({ text: 'ab' });
  });

  test('calls that could not be read are calls without arguments', () => {
    const message = { content: '', invalid_tool_calls: [{ id: 'c', name: 'edit', args: '{"a":1' }] };
    expect(fromLangChainMessage(message)).toMatchObject({ calls: [{ id: 'c', arguments: undefined }] });
  });
});

test('an unfinished input in Anthropic’s stream is not completed by guessing', async () => {
  const start = { type: 'tool_use', id: 't', name: 'edit', input: {} };
  const events = [
    { type: 'message_start', message: { model: 'm', usage: { input_tokens: 1 } } },
    { type: 'content_block_start', index: 0, content_block: start },
    { type: 'content_block_delta', index: 0, delta: { type: 'input_json_delta', partial_json: '{"find":"LR","rep' } },
    { type: 'message_delta', delta: { stop_reason: 'tool_use' }, usage: { output_tokens: 3, input_tokens: null } },
    { type: 'message_stop' },
  ];
  const joined = await joinAnthropicEvents(stream(events) as Parameters<typeof joinAnthropicEvents>[0]);
  expect(joined).toMatchObject({
    content: [{ rawInput: '{"find":"LR","rep' }],
    usage: { input_tokens: 1, output_tokens: 3 },
  });
});

async function* stream<T>(items: readonly T[]): AsyncIterable<T> {
  yield* items;
}
