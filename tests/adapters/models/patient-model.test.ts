import { describe, expect, test } from 'vitest';
import { realClock } from '../../../src/adapters/models/clock.ts';
import {
  alonePatience,
  createPatientModel,
  type ModelWaiting,
  type Patience,
  standInPatience,
} from '../../../src/adapters/models/patient-model.ts';
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

function patient(model: Model, random = 0.5, patience: Patience = alonePatience) {
  const clock = createFakeClock();
  const news: ModelWaiting[] = [];
  const wrapped = createPatientModel(model, { clock, random: () => random, patience, tell: (said) => news.push(said) });
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
    expect(news.map(({ seconds }) => seconds)).toEqual([0.5, 1, 2]);
  });

  test('no wait is longer than five minutes, and the fault comes back at the deadline', async () => {
    const model = replaying(busy);
    const { clock, complete, news } = patient(model, 0.999);
    const reply = complete();
    await clock.advance(600_000);
    expect(await reply).toMatchObject({ action: 'wait', code: 'overloaded' });
    expect(clock.now()).toBe(600_000);
    expect(Math.max(...news.map(({ seconds }) => seconds))).toBeLessThanOrEqual(300);
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

  test('a wait longer than the patience is not begun', async () => {
    const model = replaying({ ...busy, retryAfterSeconds: 700 }, answer);
    const { complete } = patient(model);
    expect(await complete()).toMatchObject({ action: 'wait', retryAfterSeconds: 700 });
    expect(model.calls()).toBe(1);
  });

  test('what only the owner ends is not waited for', async () => {
    const model = replaying(broke, answer);
    const { complete } = patient(model);
    expect(await complete()).toBe(broke);
    expect(model.calls()).toBe(1);
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

describe('where a stand-in could work', () => {
  test('failing attempts take at most twenty seconds', async () => {
    const { clock, complete, news } = patient(replaying(busy), 0.5, standInPatience);
    const reply = complete();
    await clock.advance(20_000);
    expect(await reply).toBe(busy);
    expect(news.reduce((sum, { seconds }) => sum + seconds, 0)).toBeLessThan(20);
  });

  test('a wait that the provider asks for is made when it is short, because a limit of calls a minute is no absence', async () => {
    const { clock, complete } = patient(replaying({ ...busy, retryAfterSeconds: 40 }, answer), 0.5, standInPatience);
    const reply = complete();
    await clock.advance(41_000);
    expect(await reply).toBe(answer);
    const asksForMinutes = patient(replaying({ ...busy, retryAfterSeconds: 90 }), 0.5, standInPatience);
    expect(await asksForMinutes.complete()).toMatchObject({ code: 'overloaded' });
  });
});

describe('silence', () => {
  /** A model that shows signs of life at these seconds and never answers. */
  function slow(clock: ReturnType<typeof createFakeClock>, signs: readonly number[]): Model {
    return {
      name: 'slow',
      complete: async ({ onProgress }, signal) => {
        for (const at of signs) {
          await clock.sleep(at * 1000 - clock.now(), signal);
          onProgress?.({ bytes: at });
        }
        return new Promise<ModelReply>(() => undefined);
      },
    };
  }

  test('a reply that is still coming in is never thrown away', async () => {
    const clock = createFakeClock();
    const signs = Array.from({ length: 100 }, (_, index) => 20 * (index + 1));
    const model = createPatientModel(slow(clock, signs), { clock, random: () => 0.5 });
    let isOver = false;
    const reply = model.complete(request, never).finally(() => {
      isOver = true;
    });
    await clock.advance(2_590_000);
    expect(isOver).toBe(false);
    await clock.advance(20_000);
    await clock.advance(600_000);
    expect(await reply).toMatchObject({ code: 'timed-out', message: 'The provider sent nothing for 600 s.' });
  });

  test('where a stand-in could work, the first sign of life is awaited for five minutes', async () => {
    const clock = createFakeClock();
    const model = createPatientModel(slow(clock, []), { clock, random: () => 0.5, patience: standInPatience });
    const reply = model.complete(request, never);
    await clock.advance(300_000);
    expect(await reply).toMatchObject({ code: 'timed-out' });
  });
});

describe('the end of one call', () => {
  const patience: Patience = { attempts: 0.5, named: 0.5, firstSign: 0.8, silence: 0.8 };
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
        patience,
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
    const model = createPatientModel(deaf, {
      clock: realClock,
      random: Math.random,
      patience: { ...patience, firstSign: 0.2 },
    });
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
