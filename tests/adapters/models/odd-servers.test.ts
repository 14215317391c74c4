/**
 * Conversations with chat servers that differ from OpenAI's: each asks for a call, gets its result, is told something by
 * the user, and asks for a second call.
 */
import { describe, expect, test } from 'vitest';
import { createModel } from '../../../src/adapters/models/create-model.ts';
import type { ModelMessage, ModelRequest } from '../../../src/ports/model.ts';
import type { DeviationName } from '../../helpers/model-server/deviations.ts';
import { startModelServer } from '../../helpers/model-server/model-server.ts';
import type { ServedReply } from '../../helpers/model-server/render-reply.ts';

const edit = { edits: [{ find: 'LR = 0.1', replace: "LR = 0.2  # `$&` “ü” 🌙\n\tx = {'a': [1, 2]}" }] };
const idea = { title: 'Raise the rate', hypothesis: 'It may learn "faster".', expected_effect: '', kind: 'knobs' };

const tools: ModelRequest['tools'] = ['edit', 'submit'].map((name) => ({
  name,
  description: name,
  parameters: { type: 'object', properties: {} },
}));

const script: readonly ServedReply[] = [
  { text: 'I edit.', calls: [{ name: 'edit', arguments: edit }] },
  { calls: [{ name: 'submit', arguments: idea }] },
  { calls: [{ name: 'submit', arguments: idea }] },
];

/** What came of two turns and a third one: the calls, and the bodies that the server took. */
async function converse(deviations: readonly DeviationName[], model = 'vllm:qwen3', models?: unknown) {
  const served = await startModelServer(
    (request) => ({ reply: script[request.body.messages.filter(isAssistant).length] ?? {} }),
    { deviations, models },
  );
  const asked = await createModel({ model, baseUrl: served.openAIUrl, environment: {} });
  let messages: readonly ModelMessage[] = ['The study.', 'The source.', 'Propose.'].map((text) => ({
    role: 'user',
    text,
  }));
  const calls: unknown[] = [];
  for (const words of [[{ role: 'user', text: 'Be briefer.' } as const], [], []]) {
    const request = { system: 'You research.', messages, tools, maxOutputTokens: 16_000 };
    const reply = await asked.complete(request, AbortSignal.timeout(20_000));
    if (reply.kind === 'fault') throw new Error(`a fault: ${reply.code}: ${reply.message}`);
    const { text, native } = reply;
    calls.push(...reply.calls.map(({ name, arguments: written }) => ({ name, written })));
    const results = reply.calls.map(({ id }) => ({ callId: id, text: 'Done.', isError: false }));
    messages = [
      ...messages,
      { role: 'assistant', text, calls: reply.calls, native },
      { role: 'tool', results },
      ...words,
    ];
  }
  await served.close();
  expect(served.violations).toEqual([]);
  return { calls, requests: served.requests.map(({ body }) => body) };
}

const isAssistant = ({ role }: { role: string }) => role === 'assistant';

const expected = [
  { name: 'edit', written: edit },
  { name: 'submit', written: idea },
  { name: 'submit', written: idea },
];

const understood: readonly DeviationName[] = [
  'alternating-roles',
  'no-user-after-tool',
  'no-system-role',
  'thoughts-back',
  'kimi-thoughts',
  'no-thoughts',
  'thoughts-named-reasoning',
  'no-max-tokens',
  'no-stream-options',
  'no-stream',
  'no-null-content',
  'text-content',
  'no-system-role-500',
  'whole-json',
  'stream-as-text',
  'no-done',
  'arguments-object',
  'content-parts',
  'arguments-fenced',
  'arguments-twice',
  'arguments-raw-lines',
  'names-prefixed',
  'names-with-channel',
  'ids-empty',
  'ids-same',
  'ids-nine',
  'ids-nine-own',
  'calls-hermes',
  'calls-qwen-coder',
  'calls-llama-function',
  'calls-python-tag',
  'calls-mistral',
  'calls-mistral-11',
  'calls-fenced',
  'reason-eos',
  'reason-none',
  'reason-stop',
  'no-usage',
];

describe('a reply that does not fit is asked for with fewer tokens, and remembered', () => {
  test.each([
    ['window-8k', 7000],
    ['window-8k-older', 7000],
    ['window-8k-at-least', 7000],
    ['replies-4k', 4096],
    ['affords-3k', 3000],
  ] as const)('%s', async (name, least) => {
    const { calls, requests } = await converse([name]);
    expect(calls).toEqual(expected);
    const limits = requests.map((body) => body.max_tokens);
    expect(limits[0]).toBe(16_000);
    // At most two refusals, and none after the first turn.
    expect(limits.length).toBeLessThanOrEqual(5);
    expect(limits.slice(-2).every((limit) => limit >= least && limit < 8192)).toBe(true);
  });

  test('a window in the list of models needs no refusal', async () => {
    const models = { data: [{ id: 'other' }, { id: 'qwen3', max_model_len: 8192 }] };
    const { requests } = await converse(['window-8k'], 'vllm:qwen3', models);
    expect(requests).toHaveLength(3);
    expect(requests[0].max_tokens).toBeLessThan(8192);
  });
});

describe('a conversation goes on with a server of this kind', () => {
  test.each(understood)('%s', async (name) => {
    const { calls } = await converse([name]);
    expect(calls).toEqual(expected);
  });

  test('no-max-completion-tokens', async () => {
    expect((await converse(['no-max-completion-tokens'], 'openai:local')).calls).toEqual(expected);
  });

  test.each([
    ['alternating-roles', 'thoughts-back', 'whole-json'],
    ['no-system-role', 'alternating-roles', 'no-max-tokens'],
    ['no-stream-options', 'no-user-after-tool', 'content-parts', 'reason-none'],
    ['kimi-thoughts', 'no-null-content', 'reason-stop'],
  ] as const)('%s, %s and more at once', async (...names) => {
    expect((await converse(names.filter((name) => name !== undefined))).calls).toEqual(expected);
  });
});

test('what a refusal taught is remembered: only the first request is refused', async () => {
  const { requests } = await converse(['no-max-tokens']);
  expect(requests.map((body) => [body.max_tokens, body.max_completion_tokens])).toEqual([
    [16_000, undefined],
    [undefined, 16_000],
    [undefined, 16_000],
    [undefined, 16_000],
  ]);
});

test('DeepSeek’s own provider needs no refusal to hand the thoughts back', async () => {
  const served = await converse(['thoughts-back', 'alternating-roles'], 'deepseek:deepseek-v4-pro');
  expect(served.requests).toHaveLength(3);
});

test('the beginning of a conversation is the same text from turn to turn', async () => {
  const { requests } = await converse(['alternating-roles']);
  const openings = requests.map(({ messages }) => JSON.stringify(messages.slice(0, 3)).slice(0, -1));
  expect(openings[2]).toBe(openings[1]);
  expect(openings[1]?.startsWith(JSON.stringify(requests[0]?.messages).slice(0, -1))).toBe(true);
});
