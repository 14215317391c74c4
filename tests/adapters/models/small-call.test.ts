import { describe, expect, test } from 'vitest';
import { realClock } from '../../../src/adapters/models/clock.ts';
import { remedyFor } from '../../../src/adapters/models/remedy.ts';
import { smallCall } from '../../../src/adapters/models/small-call.ts';
import type { FaultCode, ModelFault } from '../../../src/ports/model.ts';
import { createFakeClock } from '../../helpers/fake-clock.ts';
import type { FaultName } from '../../helpers/model-server/give-fault.ts';
import { type Script, startModelServer } from '../../helpers/model-server/model-server.ts';
import { type ServedAdapter, servedAdapters } from '../../helpers/model-server/served-models.ts';

const costOf = () => 0.001;
const asked = { name: 'openai:x', baseUrl: 'http://localhost:1/v1' };

async function callOnce({ create }: ServedAdapter, smallCalls: Script) {
  const server = await startModelServer([], { smallCalls });
  try {
    const model = await create(server);
    return { end: await smallCall({ model, costOf, clock: realClock }, new AbortController().signal), server };
  } finally {
    await server.close();
  }
}

describe.each(servedAdapters)('$adapter', (adapter) => {
  test('an answer shows that the model can be asked, and is to be journalled', async () => {
    const { end, server } = await callOnce(adapter, [{ reply: { text: 'ok' } }]);
    expect(end.fault).toBeUndefined();
    expect(end.called).toMatchObject([{ outcome: 'answer', usd: 0.001 }]);
    expect(server.violations).toEqual([]);
    expect(JSON.stringify(server.smallCalls[0]?.body)).toContain('"submit"');
  });

  test('a reply that is cut off is an answer', async () => {
    const { end } = await callOnce(adapter, [{ reply: { text: 'o', ending: 'truncated' } }]);
    expect(end.fault).toBeUndefined();
  });

  test.each<readonly [FaultName, FaultCode, RegExp]>([
    ['unauthorized', 'unauthorized', /Set OPENAI_API_KEY|Give the server/],
    ['forbidden', 'unauthorized', /Set OPENAI_API_KEY/],
    ['not-found', 'not-found', /Check the name in `model:`/],
    ['quota', 'quota-exhausted', /Add credit/],
    ['credit-balance', 'quota-exhausted', /Add credit/],
    ['payment-required', 'quota-exhausted', /Add credit/],
    ['spend-limit', 'spend-limit', /Raise the limit/],
    ['bad-request', 'bad-request', /tool|name another model/],
    ['html', 'invalid-body', /Check `base_url:`/],
    ['empty-object', 'invalid-body', /Check `base_url:`/],
    ['redirect-loop', 'invalid-body', /Check `base_url:`/],
  ])('%s can never succeed', async (fault, code, remedy) => {
    const { end } = await callOnce(adapter, [{ fault }]);
    expect(end.fault).toMatchObject({ code });
    expect(end.fault && remedyFor(end.fault, asked)).toMatch(remedy);
    expect(end.called).toEqual([]);
  });

  test.each<FaultName>([
    'overloaded',
    'rate-limited',
    'rate-limited-1h',
    'unavailable',
    'server-error',
    'reset',
    'gateway-timeout',
  ])('%s may pass', async (fault) => {
    const { end } = await callOnce(adapter, [{ fault }]);
    expect(end.fault).toBeDefined();
    expect(end.fault && remedyFor(end.fault, asked)).toBeUndefined();
  });

  test('one page among answers is a gateway’s, three are the address', async () => {
    expect(
      (await callOnce(adapter, [{ fault: 'html' }, { fault: 'html' }, { reply: { text: 'ok' } }])).end.fault,
    ).toBeUndefined();
    expect((await callOnce(adapter, [{ fault: 'html' }])).server.smallCalls).toHaveLength(3);
  });
});

test('without an answer it ends after a minute, and that may pass', async () => {
  const clock = createFakeClock();
  const model = {
    name: 'deaf',
    complete: (_: unknown, signal: AbortSignal) =>
      new Promise<ModelFault>((resolve) => {
        const aborted: ModelFault = { kind: 'fault', action: 'wait', code: 'aborted', message: 'Ended early.' };
        signal.addEventListener('abort', () => resolve(aborted));
      }),
  };
  const call = smallCall({ model, costOf, clock }, new AbortController().signal);
  await clock.advance(60_000);
  const { fault } = await call;
  expect(fault).toMatchObject({ code: 'timed-out' });
  expect(fault && remedyFor(fault, asked)).toBeUndefined();
});

describe('what to set', () => {
  const fault = (code: FaultCode, message: string): ModelFault => ({ kind: 'fault', action: 'pause', code, message });
  test.each([
    [fault('connection', 'The call failed (ENOTFOUND): getaddrinfo'), /there is no such host/],
    [fault('connection', 'The call failed (SELF_SIGNED_CERT_IN_CHAIN)'), /NODE_EXTRA_CA_CERTS/],
    [fault('connection', 'The call failed (DEPTH_ZERO_SELF_SIGNED_CERT)'), /NODE_EXTRA_CA_CERTS/],
    [fault('connection', 'The call failed (ECONNREFUSED)'), undefined],
    [fault('connection', 'The call failed (EAI_AGAIN)'), undefined],
    [fault('no-tools', 'The provider answered 404: No endpoints found that support tool use'), /lists for `tools`/],
    [fault('not-found', 'The provider answered 404: only supported in v1/responses'), /`api: responses`/],
    [fault('not-found', 'The provider answered 404: Not Found'), /`api: responses`/],
    [fault('no-tools', 'The provider answered 400: llama does not support tools'), /ollama show/],
    [
      fault('no-tools', 'The provider answered 400: "auto" tool choice requires --enable-auto-tool-choice'),
      /--tool-call-parser/,
    ],
  ])('%j', (said, remedy) => {
    const found = remedyFor(said, asked);
    if (remedy === undefined) expect(found).toBeUndefined();
    else expect(found).toMatch(remedy);
  });

  test('a provider’s own address is not the owner’s to set', () => {
    expect(remedyFor(fault('not-found', 'The provider answered 404'), { name: 'anthropic:x' })).toBe(
      'Check the name in `model:` (anthropic:x).',
    );
  });
});
