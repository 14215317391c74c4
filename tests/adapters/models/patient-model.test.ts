import { describe, expect, test } from 'vitest';
import { realClock } from '../../../src/adapters/models/clock.ts';
import { createPatientModel, type ModelNews } from '../../../src/adapters/models/patient-model.ts';
import type { Model, ModelFault, ModelReply, ModelRequest } from '../../../src/ports/model.ts';
import { createFakeClock } from '../../helpers/fake-clock.ts';
import type { FaultName } from '../../helpers/model-server/give-fault.ts';
import { startModelServer } from '../../helpers/model-server/model-server.ts';
import { servedAdapters } from '../../helpers/model-server/served-models.ts';

const request: ModelRequest = {
  system: 'You improve a training script.',
  messages: [{ role: 'user', text: 'Propose one change.' }],
  tools: [],
  maxOutputTokens: 1000,
};
const never = new AbortController().signal;

const answer: ModelReply = {
  kind: 'answer',
  text: 'ok',
  calls: [],
  model: 'm',
  usage: { uncachedInput: 1, cachedInput: 0, cacheWrite: 0, output: 1 },
};
const busy: ModelFault = { kind: 'fault', action: 'wait', code: 'overloaded', message: 'Overloaded.' };
const broke: ModelFault = { kind: 'fault', action: 'pause', code: 'quota-exhausted', message: 'No credit.' };

/** A model of the given replies, the last one for ever. */
function replaying(...replies: readonly ModelReply[]): Model & { readonly calls: () => number } {
  let calls = 0;
  return {
    name: 'replayed',
    calls: () => calls,
    complete: async () => {
      calls += 1;
      const reply = replies[calls - 1] ?? replies.at(-1);
      if (reply === undefined) throw new Error('no replies');
      return reply;
    },
  };
}

function patient(model: Model, random = 0.5) {
  const clock = createFakeClock();
  const news: ModelNews[] = [];
  const wrapped = createPatientModel(model, { clock, random: () => random, tell: (said) => news.push(said) });
  return { clock, news, complete: (signal = never) => wrapped.complete(request, signal) };
}

describe('waiting', () => {
  test('a fault to wait for is tried again until there is an answer', async () => {
    const model = replaying(busy, busy, busy, answer);
    const { clock, complete, news } = patient(model);
    const reply = complete();
    await clock.advance(500 + 1000 + 2000);
    expect(await reply).toBe(answer);
    expect(model.calls()).toBe(4);
    expect(news.map((said) => said.kind === 'model-waiting' && said.seconds)).toEqual([0.5, 1, 2]);
  });

  test('no wait is longer than five minutes, and the fault comes back at the deadline', async () => {
    const model = replaying(busy);
    const { clock, complete, news } = patient(model, 0.999);
    const reply = complete();
    await clock.advance(600_000);
    expect(await reply).toMatchObject({ action: 'wait', code: 'overloaded' });
    expect(clock.now()).toBe(600_000);
    const seconds = news.flatMap((said) => (said.kind === 'model-waiting' ? [said.seconds] : []));
    expect(Math.max(...seconds)).toBeLessThanOrEqual(300);
    expect(news.at(-1)).toMatchObject({ kind: 'model-away' });
  });

  test('a fault that comes after the deadline, before its timer fires, does not pause the model', async () => {
    const clock = createFakeClock();
    let now = 0;
    const late: Model = {
      name: 'late',
      complete: async () => {
        now = 600_001;
        return busy;
      },
    };
    const model = createPatientModel(late, { clock: { ...clock, now: () => now }, random: () => 0.5 });
    expect(await model.complete(request, never)).toEqual(busy);
  });

  test('the provider is not asked sooner than it said', async () => {
    const model = replaying({ ...busy, retryAfterSeconds: 120 }, answer);
    const { clock, complete } = patient(model);
    const reply = complete();
    await clock.advance(119_999);
    expect(model.calls()).toBe(1);
    await clock.advance(1000);
    expect(await reply).toBe(answer);
  });

  test.each([0, 1e-9])('a retry-after of %s s is not an immediate retry', async (retryAfterSeconds) => {
    const model = replaying({ ...busy, retryAfterSeconds }, answer);
    const { clock, complete } = patient(model);
    const reply = complete();
    await clock.advance(400);
    expect(model.calls()).toBe(1);
    await clock.advance(200);
    expect(await reply).toBe(answer);
  });

  test('a retry-after beyond fifteen minutes is a pause', async () => {
    const model = replaying({ ...busy, retryAfterSeconds: 3600 }, answer);
    const { clock, complete } = patient(model);
    expect(await complete()).toMatchObject({ action: 'pause', code: 'overloaded', retryAfterSeconds: 3600 });
    expect(await complete()).toMatchObject({ action: 'pause' });
    await clock.advance(3_600_000);
    expect(await complete()).toBe(answer);
    expect(model.calls()).toBe(2);
  });

  test('a retry-after beyond the deadline is a pause of that length, so that another researcher can propose', async () => {
    const model = replaying({ ...busy, retryAfterSeconds: 700 }, answer);
    const { clock, complete } = patient(model);
    expect(await complete()).toMatchObject({ action: 'pause', retryAfterSeconds: 700 });
    await clock.advance(699_000);
    expect(await complete()).toMatchObject({ action: 'pause', retryAfterSeconds: 1 });
    await clock.advance(1000);
    expect(await complete()).toBe(answer);
  });

  test('a repair and a stop pass through', async () => {
    const cut: ModelFault = { kind: 'fault', action: 'repair', code: 'truncated', message: 'Cut off.' };
    const ceiling: ModelFault = { kind: 'fault', action: 'stop', code: 'usd-ceiling', message: 'Enough.' };
    const model = replaying(cut, ceiling);
    const { complete } = patient(model);
    expect(await complete()).toBe(cut);
    expect(await complete()).toBe(ceiling);
    expect(model.calls()).toBe(2);
  });

  test('the caller’s signal ends a wait', async () => {
    const model = replaying(busy);
    const stop = new AbortController();
    const { clock, complete } = patient(model);
    const reply = complete(stop.signal);
    await clock.advance(100);
    stop.abort();
    expect(await reply).toMatchObject({ code: 'aborted' });
  });
});

describe('pausing', () => {
  test('exhausted quota costs one call per fifteen minutes, however often it is asked', async () => {
    const model = replaying(broke);
    const { clock, complete } = patient(model);
    for (let minute = 0; minute < 8 * 60; minute += 1) {
      expect(await complete()).toMatchObject({ action: 'pause', code: 'quota-exhausted' });
      await clock.advance(60_000);
    }
    expect(model.calls()).toBe((8 * 60) / 15);
  });

  test('two callers at once make one probe', async () => {
    const model = replaying(broke);
    const { clock, complete } = patient(model);
    await complete();
    await clock.advance(15 * 60_000);
    await Promise.all([complete(), complete(), complete()]);
    expect(model.calls()).toBe(2);
  });

  test('a retry-after of a second does not shorten the pause of an empty account', async () => {
    const model = replaying({ ...broke, retryAfterSeconds: 1 });
    const { clock, complete } = patient(model);
    await complete();
    await clock.advance(14 * 60_000);
    expect(await complete()).toMatchObject({ retryAfterSeconds: 60 });
    expect(model.calls()).toBe(1);
  });

  test('going away and coming back are told once each', async () => {
    const model = replaying(broke, broke, answer, answer);
    const { clock, complete, news } = patient(model);
    for (let probe = 0; probe < 4; probe += 1) {
      await complete();
      await clock.advance(15 * 60_000);
    }
    expect(news).toEqual([
      { kind: 'model-away', fault: expect.objectContaining({ code: 'quota-exhausted' }) },
      { kind: 'model-back', awaySeconds: 1800 },
    ]);
  });
});

describe('the deadline of one call', () => {
  const deadlineSeconds = 0.8;
  const faults: readonly FaultName[] = [
    'stalled-headers',
    'stalled-body',
    'stalled-error-body',
    'slow-drip',
    'rate-limited',
    'rate-limited-0',
    'overloaded',
    'reset',
    'cut-body',
    'html',
    'redirect-loop',
  ];

  // A server that answers nothing, and a clock that would wait for hours, leave the deadline alone to end these calls.
  test.concurrent.each(servedAdapters)('holds for $adapter whatever the server does', async ({ create }) => {
    const calls = faults.map(async (fault) => {
      const server = await startModelServer([{ fault }]);
      const model = createPatientModel(await create(server), {
        clock: realClock,
        random: Math.random,
        deadlineSeconds,
      });
      const reply = await model.complete(request, never);
      await server.close();
      expect(reply).toMatchObject({ kind: 'fault', action: 'wait' });
      expect(server.requests.length).toBeLessThan(12);
    });
    await Promise.all(calls);
  });

  test('holds for a model that ignores its signal', async () => {
    const deaf: Model = { name: 'deaf', complete: () => new Promise(() => undefined) };
    const model = createPatientModel(deaf, { clock: realClock, random: Math.random, deadlineSeconds: 0.2 });
    expect(await model.complete(request, never)).toMatchObject({ action: 'wait', code: 'timed-out' });
  });

  test('a server that fails twice and then answers is an answer', async () => {
    const server = await startModelServer([{ fault: 'reset' }, { fault: 'html' }, { reply: { text: 'ok' } }]);
    const [adapter] = servedAdapters;
    if (adapter === undefined) throw new Error('no adapter');
    const model = createPatientModel(await adapter.create(server), { clock: realClock, random: () => 0.1 });
    const reply = await model.complete(request, never);
    await server.close();
    expect(reply).toMatchObject({ kind: 'answer', text: 'ok' });
    expect(server.requests).toHaveLength(3);
  });
});
