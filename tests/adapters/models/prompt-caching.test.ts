/** What providers have in their caches from proposal to proposal, through the real SDKs and caches by their rules. */
import { describe, expect, it } from 'vitest';
import { createAnthropicModel } from '../../../src/adapters/models/anthropic/anthropic.ts';
import { claudeMarks } from '../../../src/adapters/models/cache-marks.ts';
import { toLangChainMessages } from '../../../src/adapters/models/langchain/messages.ts';
import { hasBreakpoints } from '../../../src/adapters/models/openai/breakpoints.ts';
import { createOpenAIChatModel } from '../../../src/adapters/models/openai/chat.ts';
import { createOpenAIResponsesModel } from '../../../src/adapters/models/openai/responses.ts';
import type { WireOptions } from '../../../src/adapters/models/wire-options.ts';
import { noUsage } from '../../../src/core/base/model-usage.ts';
import type { Model, ModelRequest } from '../../../src/ports/model.ts';
import { type ModelServer, startModelServer } from '../../helpers/model-server/model-server.ts';
import { type CacheRuleName, createPromptCache } from '../../helpers/model-server/prompt-cache.ts';
import { testKey } from '../../helpers/model-server/served-models.ts';
import { proposeWith, train } from '../../helpers/propose-with-model.ts';
import { historyOf } from '../../helpers/study-history.ts';

interface CachedAdapter {
  readonly rule: CacheRuleName;
  readonly create: (server: ModelServer) => Promise<Model>;
}

/** What the adapters are given when they speak to their provider's own host. */
const optionsFor = (model: string, baseUrl: string): WireOptions => ({
  name: model,
  model,
  key: testKey,
  baseUrl,
  isDefaultHost: true,
  redact: (text) => text,
});

const anthropic: CachedAdapter = {
  rule: 'anthropic',
  create: ({ url }) => createAnthropicModel(optionsFor('claude-sonnet-5-5', url)),
};
const openAIResponses: CachedAdapter = {
  rule: 'openai-strict',
  create: ({ openAIUrl }) => createOpenAIResponsesModel(optionsFor('gpt-6.1-sol', openAIUrl)),
};

const openAIChat: CachedAdapter = {
  rule: 'openai-strict',
  create: ({ openAIUrl }) => createOpenAIChatModel(optionsFor('gpt-6.1-sol', openAIUrl)),
};
const openRouter = (model: string, rule: CacheRuleName): CachedAdapter => ({
  rule,
  create: ({ openAIUrl }) =>
    createOpenAIChatModel({
      ...optionsFor(model, openAIUrl),
      name: `openrouter:${model}`,
      isDefaultHost: false,
    }),
});

const minutesPerExperiment = 7;
const edits = [{ find: 'MOMENTUM = 0.0 ', replace: 'MOMENTUM = 0.9 ' }];
const edit = { name: 'edit', arguments: { file: 'train.py', edits } };
const idea = { title: 'Momentum', hypothesis: 'It helps.', expected_effect: 'Lower.', kind: 'knobs' };

const attempts = (count: number, keptAt?: number) =>
  Array.from({ length: count }, (_, index) => ({
    title: `idea ${index + 1}`,
    hypothesis: 'It should help, since the loss is still falling at the end. '.repeat(3),
    value: index + 1 === keptAt ? 2.9 : 3.1 + index / 1000,
    isKept: index + 1 === keptAt,
  }));

/** Proposes after each of these numbers of experiments, seven minutes apart; the usage of each proposal's two calls. */
async function propose({ rule, create }: CachedAdapter, counts: readonly number[]) {
  const cache = createPromptCache(rule);
  let minute = 0;
  const server = await startModelServer((request, index) => {
    const calls = index % 2 === 0 ? [edit] : [{ name: 'submit', arguments: idea }];
    return { reply: { calls, usage: cache.use(request, minute) } };
  });
  const model = await create(server);
  const used = [];
  for (const count of counts) {
    // Its note on what was learned is there already, so that nothing but the proposal is asked for.
    const history = { ...historyOf(attempts(count)), insights: [{ experiment: count, text: 'Nothing yet.' }] };
    const { reply, news } = await proposeWith({ model, history });
    expect(reply.kind).toBe('proposal');
    used.push(news.flatMap((entry) => (entry.event === 'model-called' ? [entry.usage] : [])));
    minute += minutesPerExperiment;
  }
  expect(server.violations).toEqual([]);
  await server.close();
  return used.map(([first, second]) => {
    if (first === undefined || second === undefined) throw new Error('a proposal takes two calls');
    return { first, second };
  });
}

const inputOf = (usage: { uncachedInput: number; cachedInput: number; cacheWrite: number }) =>
  usage.uncachedInput + usage.cachedInput + usage.cacheWrite;

it('from one proposal to the next the cached prefix grows by the experiment in between', async () => {
  const used = await propose(anthropic, [12, 13, 14, 15]);
  for (const [index, { first }] of used.entries()) {
    const before = used[index - 1]?.first;
    if (before === undefined) continue;
    // All that the one before wrote for an hour is read, and the new experiment is all that is written for an hour.
    const wroteForAnHour = before.cacheWrite - (before.shortCacheWrite ?? 0);
    expect(first.cachedInput).toBeGreaterThanOrEqual(before.cachedInput + wroteForAnHour - 1);
    const hourWrite = first.cacheWrite - (first.shortCacheWrite ?? 0);
    expect(hourWrite).toBeGreaterThan(0);
    expect(hourWrite).toBeLessThan(250);
    expect(first.uncachedInput).toBe(0);
    expect(first.cachedInput / inputOf(first)).toBeGreaterThan(0.9);
  }
});

it('the second call of a proposal reads the first one whole', async () => {
  const [proposal] = await propose(anthropic, [12]);
  expect(proposal?.second.cachedInput).toBe(
    inputOf(proposal?.first ?? { uncachedInput: 0, cachedInput: 0, cacheWrite: 0 }),
  );
});

it('the step of the ledger every ten experiments still reads the study, the source and the older lines', async () => {
  const [before, after] = await propose(anthropic, [39, 40]);
  const source = train.length / 4;
  expect(before?.first.cachedInput).toBe(0);
  expect(after?.first.cachedInput).toBeGreaterThan(source);
  // The lines of ten experiments, and those that are shown in detail now.
  const written = (after?.first.cacheWrite ?? 0) - (after?.first.shortCacheWrite ?? 0);
  expect(written).toBeGreaterThan(100);
  expect(written).toBeLessThan((before?.first.cacheWrite ?? 0) - source);
});

describe.each([
  ['OpenAI from GPT-5.6 on, over Responses', openAIResponses],
  ['OpenAI from GPT-5.6 on, over Chat', openAIChat],
  ['OpenAI’s models at OpenRouter', openRouter('openai/gpt-6.1-sol', 'openai-strict')],
  ['Claude at OpenRouter', openRouter('anthropic/claude-sonnet-5.5', 'anthropic')],
] as const)('%s', (_, adapter) => {
  it('reads all that the proposal before wrote, also when several experiments came in between', async () => {
    const [before, after, later] = await propose(adapter, [12, 13, 16]);
    const opening = (call: typeof before) => (call?.first.cachedInput ?? 0) + (call?.first.cacheWrite ?? 0);
    // The question itself, which is the last message, differs from proposal to proposal.
    expect(after?.first.cachedInput).toBeGreaterThan(opening(before) * 0.9);
    expect(later?.first.cachedInput).toBeGreaterThan(opening(after) * 0.9);
  });

  it('the second call of a proposal reads the first one whole', async () => {
    const [proposal] = await propose(adapter, [12]);
    expect(proposal?.second.cachedInput).toBe(inputOf(proposal?.first ?? noUsage));
  });

  it('the step of the ledger every ten experiments still reads the study, the source and the older lines', async () => {
    const [, after] = await propose(adapter, [39, 40]);
    expect(after?.first.cachedInput).toBeGreaterThan(train.length / 4);
  });
});

const said = { role: 'user', text: 'Propose.', isPrefixEnd: true } as const;
const call = { id: 'c1', name: 'check', arguments: {}, rawArguments: '{}' };
const conversation: ModelRequest = {
  system: 'Be brief.',
  messages: [
    said,
    said,
    { role: 'user', text: 'Now.' },
    { role: 'assistant', text: '', calls: [call] },
    { role: 'tool', results: [{ callId: 'c1', text: 'It compiles.', isError: false }] },
  ],
  tools: [],
  maxOutputTokens: 1000,
};

it.each([
  ['gpt-5.5', { isDefaultHost: true }],
  ['gpt-5', { isDefaultHost: true }],
  ['gpt-4.1', { isDefaultHost: true }],
  // OpenAI's models behind another address, which might refuse the field.
  ['gpt-6.1-sol', {}],
  ['deepseek-flash', { name: 'deepseek:deepseek-flash' }],
  ['google/gemini-4-neon', { name: 'openrouter:google/gemini-4-neon' }],
  ['openai/gpt-5.5', { name: 'openrouter:openai/gpt-5.5' }],
  ['anthropic/claude-sonnet-5.5', { name: 'vllm:anthropic/claude-sonnet-5.5' }],
])('%s with %o gets no marks', async (model, options) => {
  const bodies: string[] = [];
  const server = await startModelServer(({ body }) => {
    bodies.push(JSON.stringify(body));
    return { reply: { text: 'Yes.' } };
  });
  const plain = { ...optionsFor(model, server.openAIUrl), isDefaultHost: false, ...options };
  const never = new AbortController().signal;
  await (await createOpenAIResponsesModel(plain)).complete(conversation, never);
  await (await createOpenAIChatModel(plain)).complete(conversation, never);
  expect(bodies).toHaveLength(2);
  for (const body of bodies) expect(body).not.toMatch(/breakpoint|cache_control/);
  expect(server.violations).toEqual([]);
  await server.close();
});

it('LangChain’s Anthropic gets four marks, and a result keeps its own', () => {
  const messages = toLangChainMessages(conversation, claudeMarks(conversation));
  const hour = { cache_control: { type: 'ephemeral', ttl: '1h' } };
  expect(messages).toEqual([
    { role: 'system', content: [{ type: 'text', text: 'Be brief.', ...hour }] },
    {
      role: 'user',
      content: [
        { type: 'text', text: 'Propose.', ...hour },
        { type: 'text', text: 'Propose.', ...hour },
        { type: 'text', text: 'Now.' },
      ],
    },
    { role: 'assistant', content: '', tool_calls: [{ type: 'tool_call', id: 'c1', name: 'check', args: {} }] },
    {
      role: 'user',
      content: [
        {
          type: 'tool_result',
          tool_use_id: 'c1',
          content: 'It compiles.',
          is_error: false,
          cache_control: { type: 'ephemeral', ttl: '5m' },
        },
      ],
    },
  ]);
});

it.each([
  ['gpt-5.6-luna', true],
  ['gpt-5.10', true],
  ['gpt-6-sol', true],
  ['gpt-6.2-sol-2026-11-17', true],
  ['ft:gpt-6-luna:acme', true],
  ['gpt-10', true],
  ['gpt-5.5-pro', false],
  ['gpt-5', false],
  ['gpt-5-2025-08-07', false],
  ['gpt-4o', false],
  ['gpt-oss-120b', false],
  ['o4-mini', false],
  ['chat-latest', false],
])('%s has breakpoints: %s', (model, has) => {
  expect(hasBreakpoints(model)).toBe(has);
});
