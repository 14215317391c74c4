import { describe, expect, test } from 'vitest';
import { type CeilingOptions, createCeilingModel } from '../../../src/adapters/models/ceiling.ts';
import { realClock } from '../../../src/adapters/models/clock.ts';
import { createPatientModel } from '../../../src/adapters/models/patient-model.ts';
import { type CounterOptions, createSpendingCounter } from '../../../src/adapters/models/spending-counter.ts';
import { ProviderError } from '../../../src/core/base/errors.ts';
import { costOf, inputTokensOf, noUsage, tokensOf } from '../../../src/core/base/model-usage.ts';
import type { BilledAttempt, Model, ModelReply, ModelRequest, TokenUsage } from '../../../src/ports/model.ts';
import { startModelServer } from '../../helpers/model-server/model-server.ts';
import { servedAdapters } from '../../helpers/model-server/served-models.ts';
import { until } from '../../helpers/until.ts';

const price = { input: 2, cachedInput: 0.1, cacheWrite: 4, output: 10 };
const request: ModelRequest = {
  system: 'x'.repeat(20_000),
  messages: [{ role: 'user', text: 'Propose.' }],
  tools: [],
  maxOutputTokens: 8000,
};
const signal = new AbortController().signal;

/** A model that always uses as much as it may: every byte a token and the whole reply. */
function greedy(output = (max: number) => max) {
  const asked: number[] = [];
  const billed: TokenUsage[] = [];
  const model: Model = {
    name: 'greedy',
    complete: async ({ maxOutputTokens }) => {
      asked.push(maxOutputTokens);
      const usage = { uncachedInput: 0, cachedInput: 0, cacheWrite: 10_000, output: output(maxOutputTokens) };
      billed.push(usage);
      return { kind: 'answer', text: 'ok', calls: [], model: 'greedy', usage };
    },
  };
  return { model, asked, billed };
}

/** The model under a count of its own. */
function limit(model: Model, { price, ...ceilings }: CounterOptions & Pick<CeilingOptions, 'price'>) {
  const counter = createSpendingCounter(ceilings);
  return { ...createCeilingModel(model, { counter, price }), spent: counter.total };
}

async function untilStopped(model: Model): Promise<ModelReply> {
  for (let call = 0; call < 1000; call += 1) {
    const reply = await model.complete(request, signal);
    if (reply.kind === 'fault') return reply;
  }
  throw new Error('never stopped');
}

describe('a ceiling', () => {
  test.each([0.2, 0.5, 1, 3])('of %s USD is never crossed and is nearly used up', async (usd) => {
    const { model, billed } = greedy();
    const limited = limit(model, { usd, price });
    expect(await untilStopped(limited)).toMatchObject({ action: 'stop', code: 'usd-ceiling' });
    const spent = billed.reduce((sum, usage) => sum + costOf(usage, price), 0);
    expect(spent).toBeLessThanOrEqual(usd);
    expect(spent).toBeGreaterThan(
      usd - costOf({ uncachedInput: 0, cachedInput: 0, cacheWrite: 12_000, output: 9600 }, price),
    );
    expect(limited.spent().usd).toBeCloseTo(spent, 12);
  });

  test('of tokens is never crossed', async () => {
    const { model, billed } = greedy();
    expect(await untilStopped(limit(model, { tokens: 100_000, price: undefined }))).toMatchObject({
      action: 'stop',
      code: 'tokens-ceiling',
    });
    expect(billed.reduce((sum, usage) => sum + tokensOf(usage), 0)).toBeLessThanOrEqual(100_000);
  });

  test('near its end a call may be made with a shorter reply, as long as one like the last still fits', async () => {
    const { model, asked } = greedy(() => 1500);
    await untilStopped(limit(model, { usd: 0.3, price }));
    expect(asked[0]).toBe(8000);
    expect(asked.at(-1)).toBeLessThan(8000);
    expect(asked.at(-1)).toBeGreaterThanOrEqual(1800);
  });

  test('counts what earlier sessions spent', async () => {
    const { model, asked } = greedy();
    const limited = limit(model, { usd: 5, price, spent: { usd: 4.99, tokens: 1 } });
    expect(await limited.complete(request, signal)).toMatchObject({ code: 'usd-ceiling' });
    expect(asked).toEqual([]);
  });

  test('holds for calls that are made at once', async () => {
    const { model, billed } = greedy();
    const limited = limit(model, { usd: 0.5, price });
    await Promise.all(Array.from({ length: 20 }, () => limited.complete(request, signal)));
    expect(billed.reduce((sum, usage) => sum + costOf(usage, price), 0)).toBeLessThanOrEqual(0.5);
  });

  test('of USD is refused for a model whose price is unknown', () => {
    const { model } = greedy();
    expect(() => limit(model, { usd: 5, price: undefined })).toThrow(ProviderError);
  });

  test('is no ceiling when none is given, and counts tokens without a price', async () => {
    const { model } = greedy();
    const counted = limit(model, { price: undefined });
    await counted.complete(request, signal);
    expect(counted.spent()).toEqual({ usd: 0, tokens: 18_000 });
  });
});

test('tokens of a fault count, and a reply that never came counts at what was expected', async () => {
  const usage = { uncachedInput: 5, cachedInput: 0, cacheWrite: 0, output: 5 };
  const replies: ModelReply[] = [
    { kind: 'fault', action: 'repair', code: 'truncated', message: '', usage },
    { kind: 'fault', action: 'wait', code: 'connection', message: '' },
    { kind: 'fault', action: 'wait', code: 'timed-out', message: '' },
  ];
  const model: Model = { name: 'failing', complete: async () => replies.shift() as ModelReply };
  const counted = limit(model, { price });
  await counted.complete(request, signal);
  await counted.complete(request, signal);
  expect(counted.spent().tokens).toBe(10);
  await counted.complete(request, signal);
  expect(counted.spent().tokens).toBeGreaterThan(5000);
});

test.each([
  ['the reply alone', { uncachedInput: 0, cachedInput: 0, cacheWrite: 0, output: 60 }, 60],
  ['neither, though much was sent', { uncachedInput: 0, cachedInput: 0, cacheWrite: 0, output: 0 }, 0],
])('where a server counts %s, the input is estimated', async (_, usage, output) => {
  const answer: ModelReply = { kind: 'answer', text: 'ok', calls: [], model: 'm', usage };
  const counted = limit({ name: 'm', complete: async () => answer }, { price });
  const billed: BilledAttempt[] = [];
  await counted.complete({ ...request, onBilled: (attempt) => billed.push(attempt) }, signal);
  expect(billed).toMatchObject([{ isEstimated: true, usage: { output } }]);
  expect(counted.spent().tokens).toBeGreaterThan(5000);
});

test.each(servedAdapters)('a night of $adapter stops before the call that would cross 0.4 USD', async ({ create }) => {
  const usage = { uncached: 4000, cached: 6000, written: 500, output: 2000 };
  const server = await startModelServer([{ fault: 'overloaded' }, { reply: { text: 'ok', usage } }]);
  const limited = limit(await create(server), { usd: 0.4, price });
  const model = createPatientModel(limited, { clock: realClock, random: () => 0 });
  expect(await untilStopped(model)).toMatchObject({ action: 'stop', code: 'usd-ceiling' });
  await server.close();
  const spent = limited.spent().usd;
  expect(spent).toBeLessThanOrEqual(0.4);
  expect(spent).toBeGreaterThan(0.3);
  expect(server.violations).toEqual([]);
});

describe.each(servedAdapters)('a reply of $adapter without usage', ({ create }) => {
  test.each([8000, 16_000])('of at most %i tokens is estimated and told as that', async (maxOutputTokens) => {
    const reply = { text: 'word '.repeat(200), isUnmetered: true };
    const server = await startModelServer([{ reply }]);
    const limited = limit(await create(server), { tokens: 60_000, price });
    const billed: BilledAttempt[] = [];
    const ask = { ...request, maxOutputTokens, onBilled: (attempt: BilledAttempt) => billed.push(attempt) };
    const answer = await limited.complete(ask, signal);
    await server.close();
    expect(billed).toEqual([expect.objectContaining({ outcome: 'answer', isEstimated: true, usage: answer.usage })]);
    const [{ usage } = { usage: noUsage }] = billed;
    // 20,000 bytes are 5,000 tokens of English and 8,000 of the densest code.
    expect(inputTokensOf(usage)).toBeGreaterThan(5000);
    expect(inputTokensOf(usage)).toBeLessThan(10_000);
    expect(usage.output).toBeGreaterThanOrEqual(250);
    expect(usage.output).toBeLessThan(1500);
    expect(limited.spent().tokens).toBe(tokensOf(usage));
  });

  test('stops the night at the ceiling', async () => {
    const server = await startModelServer([{ reply: { text: 'word '.repeat(200), isUnmetered: true } }]);
    const stopped = await untilStopped(limit(await create(server), { tokens: 60_000, price }));
    await server.close();
    expect(stopped).toMatchObject({
      code: 'tokens-ceiling',
      message: expect.stringMatching(
        /^The next call could cross the ceiling of 60000 tokens; about \d+ tokens are spent, by/,
      ),
    });
    expect(server.requests.length).toBeGreaterThan(2);
    const sent = server.requests.reduce((sum, { body }) => sum + JSON.stringify(body).length / 4 + 250, 0);
    expect(sent).toBeLessThan(60_000);
  });
});

describe.each(servedAdapters)('a reply of $adapter that is cut off', ({ adapter, create }) => {
  const isStreamed = adapter !== 'langchain';

  test.each(['cut-body', 'stalled-body'] as const)(
    'by %s counts its input and what it may have put out',
    async (fault) => {
      const server = await startModelServer([{ fault }]);
      const limited = limit(await create(server), { price });
      const ending = new AbortController();
      const billed: BilledAttempt[] = [];
      const ask = {
        ...request,
        maxOutputTokens: isStreamed ? 16_000 : 8000,
        onBilled: (attempt: BilledAttempt) => billed.push(attempt),
      };
      const asked = limited.complete(ask, ending.signal);
      if (fault === 'stalled-body') {
        await until(() => server.requests.length > 0);
        ending.abort();
        // The count is there before the caller hears of the end.
        expect(billed).toHaveLength(1);
      }
      await asked;
      await server.close();
      expect(billed).toHaveLength(1);
      expect(billed[0]).toMatchObject({ isEstimated: true, outcome: fault === 'cut-body' ? 'connection' : 'aborted' });
      expect(limited.spent().tokens).toBeGreaterThan(adapter === 'anthropic' && fault === 'cut-body' ? 2000 : 7000);
    },
  );
});

test.each(servedAdapters)(
  'a refused request of $adapter and one that reaches nobody use nothing',
  async ({ create }) => {
    const server = await startModelServer([{ fault: 'overloaded' }, { fault: 'unauthorized' }, { fault: 'html' }]);
    const limited = limit(await create(server), { price });
    for (let call = 0; call < 3; call += 1) await limited.complete(request, signal);
    await server.close();
    await limited.complete(request, signal);
    expect(limited.spent()).toEqual({ usd: 0, tokens: 0 });
  },
);

test('models that share a count keep one ceiling together', async () => {
  const counter = createSpendingCounter({ usd: 0.5 });
  const dear = greedy();
  const cheap = greedy();
  const limited = [
    createCeilingModel(dear.model, { counter, price }),
    createCeilingModel(cheap.model, { counter, price: { input: 1, output: 5 } }),
  ];
  counter.add({ usd: 0.1, tokens: 1 });
  for (const model of [...limited, ...limited]) await untilStopped(model);
  const spent =
    dear.billed.reduce((sum, usage) => sum + costOf(usage, price), 0) +
    cheap.billed.reduce((sum, usage) => sum + costOf(usage, { input: 1, output: 5 }), 0);
  expect(spent).toBeLessThanOrEqual(0.4);
  expect(spent).toBeGreaterThan(0.2);
  expect(counter.total().usd).toBeCloseTo(spent + 0.1, 12);
});

test('what the provider says that it charged wins over the list price, and later calls reckon with it', async () => {
  const usage = { uncachedInput: 10_000, cachedInput: 0, cacheWrite: 0, output: 1000 };
  const model: Model = {
    name: 'dear',
    complete: async () => ({ kind: 'answer', text: 'ok', calls: [], model: 'dear', usage, usd: 0.09 }),
  };
  const limited = limit(model, { usd: 1, price });
  expect(await untilStopped(limited)).toMatchObject({ code: 'usd-ceiling' });
  expect(limited.spent().usd).toBeLessThanOrEqual(1);
  expect(limited.spent().usd).toBeGreaterThan(0.6);
});

test('a long reply of late keeps a call from being made that has room for a short one alone', async () => {
  const outputs = [6000, 50, 50, 50];
  const { model, asked } = greedy(() => outputs.shift() ?? 50);
  await untilStopped(limit(model, { tokens: 75_000, price: undefined }));
  expect(Math.min(...asked)).toBeGreaterThanOrEqual(7200);
});
