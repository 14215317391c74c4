import { describe, expect, test } from 'vitest';
import { createCeilingModel } from '../../../src/adapters/models/ceiling.ts';
import { realClock } from '../../../src/adapters/models/clock.ts';
import { createPatientModel } from '../../../src/adapters/models/patient-model.ts';
import { ProviderError } from '../../../src/core/base/errors.ts';
import { costOf, tokensOf } from '../../../src/core/base/model-usage.ts';
import type { Model, ModelReply, ModelRequest, TokenUsage } from '../../../src/ports/model.ts';
import { startModelServer } from '../../helpers/model-server/model-server.ts';
import { servedAdapters } from '../../helpers/model-server/served-models.ts';

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
    const limited = createCeilingModel(model, { usd, price });
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
    expect(await untilStopped(createCeilingModel(model, { tokens: 100_000, price: undefined }))).toMatchObject({
      action: 'stop',
      code: 'tokens-ceiling',
    });
    expect(billed.reduce((sum, usage) => sum + tokensOf(usage), 0)).toBeLessThanOrEqual(100_000);
  });

  test('near its end a call may be made with a shorter reply, as long as one like the last still fits', async () => {
    const { model, asked } = greedy(() => 1500);
    await untilStopped(createCeilingModel(model, { usd: 0.3, price }));
    expect(asked[0]).toBe(8000);
    expect(asked.at(-1)).toBeLessThan(8000);
    expect(asked.at(-1)).toBeGreaterThanOrEqual(1800);
  });

  test('counts what earlier sessions spent', async () => {
    const { model, asked } = greedy();
    const limited = createCeilingModel(model, { usd: 5, price, spent: { usd: 4.99, tokens: 1 } });
    expect(await limited.complete(request, signal)).toMatchObject({ code: 'usd-ceiling' });
    expect(asked).toEqual([]);
  });

  test('holds for calls that are made at once', async () => {
    const { model, billed } = greedy();
    const limited = createCeilingModel(model, { usd: 0.5, price });
    await Promise.all(Array.from({ length: 20 }, () => limited.complete(request, signal)));
    expect(billed.reduce((sum, usage) => sum + costOf(usage, price), 0)).toBeLessThanOrEqual(0.5);
  });

  test('of USD is refused for a model whose price is unknown', () => {
    const { model } = greedy();
    expect(() => createCeilingModel(model, { usd: 5, price: undefined })).toThrow(ProviderError);
  });

  test('is no ceiling when none is given, and the money is unknown without a price', async () => {
    const { model } = greedy();
    const counted = createCeilingModel(model, { price: undefined });
    await counted.complete(request, signal);
    expect(counted.spent()).toEqual({ usd: undefined, tokens: 18_000 });
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
  const counted = createCeilingModel(model, { price });
  await counted.complete(request, signal);
  await counted.complete(request, signal);
  expect(counted.spent().tokens).toBe(10);
  await counted.complete(request, signal);
  expect(counted.spent().tokens).toBeGreaterThan(5000);
});

test.each(servedAdapters)('a night of $adapter stops before the call that would cross 0.4 USD', async ({ create }) => {
  const usage = { uncached: 4000, cached: 6000, written: 500, output: 2000 };
  const server = await startModelServer([{ fault: 'overloaded' }, { reply: { text: 'ok', usage } }]);
  const limited = createCeilingModel(await create(server), { usd: 0.4, price });
  const model = createPatientModel(limited, { clock: realClock, random: () => 0 });
  expect(await untilStopped(model)).toMatchObject({ action: 'stop', code: 'usd-ceiling' });
  await server.close();
  const spent = limited.spent().usd ?? Number.NaN;
  expect(spent).toBeLessThanOrEqual(0.4);
  expect(spent).toBeGreaterThan(0.3);
  expect(server.violations).toEqual([]);
});
