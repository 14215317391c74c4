import { describe, expect, test } from 'vitest';
import { faultRows } from '../../../src/adapters/models/faults.ts';
import type { FaultAction, FaultCode, ModelRequest } from '../../../src/ports/model.ts';
import type { FaultName } from '../../helpers/model-server/give-fault.ts';
import { startModelServer } from '../../helpers/model-server/model-server.ts';
import { type ServedAdapter, servedAdapters, testKey } from '../../helpers/model-server/served-models.ts';

const request: ModelRequest = {
  system: 'You improve a training script.',
  messages: [{ role: 'user', text: 'Propose one change.' }],
  tools: [{ name: 'submit', description: 'Submits.', parameters: { type: 'object', properties: {} } }],
  maxOutputTokens: 1000,
};

type Row = readonly [FaultName, FaultAction, FaultCode];

const table: readonly Row[] = [
  ['rate-limited', 'wait', 'rate-limited'],
  ['rate-limited-3s', 'wait', 'rate-limited'],
  ['rate-limited-1h', 'wait', 'rate-limited'],
  ['rate-limited-date', 'wait', 'rate-limited'],
  ['rate-limited-0', 'wait', 'rate-limited'],
  ['rate-limited-negative', 'wait', 'rate-limited'],
  ['rate-limited-huge', 'wait', 'rate-limited'],
  ['rate-limited-milliseconds', 'wait', 'rate-limited'],
  ['overloaded', 'wait', 'overloaded'],
  ['unavailable', 'wait', 'overloaded'],
  ['server-error', 'wait', 'server-error'],
  ['bad-gateway', 'wait', 'server-error'],
  ['gateway-timeout', 'wait', 'timed-out'],
  ['request-timeout', 'wait', 'timed-out'],
  ['conflict', 'wait', 'server-error'],
  ['quota', 'pause', 'quota-exhausted'],
  ['credit-balance', 'pause', 'quota-exhausted'],
  ['payment-required', 'pause', 'quota-exhausted'],
  ['spend-limit', 'pause', 'spend-limit'],
  ['spend-limit-400', 'pause', 'spend-limit'],
  ['unauthorized', 'pause', 'unauthorized'],
  ['forbidden', 'pause', 'unauthorized'],
  ['not-found', 'pause', 'not-found'],
  ['bad-request', 'pause', 'bad-request'],
  ['unprocessable', 'pause', 'bad-request'],
  ['too-large', 'repair', 'context-overflow'],
  ['overflow', 'repair', 'context-overflow'],
  ['content-policy', 'repair', 'refused'],
  ['tool-use-failed', 'repair', 'bad-arguments'],
  ['reset', 'wait', 'connection'],
  ['cut-body', 'wait', 'connection'],
  ['ended-early', 'wait', 'invalid-body'],
  ['invalid-json', 'wait', 'invalid-body'],
  ['html', 'wait', 'invalid-body'],
  ['html-as-json', 'wait', 'invalid-body'],
  ['wrong-content-type', 'wait', 'invalid-body'],
  ['empty-object', 'wait', 'invalid-body'],
  ['json-null', 'wait', 'invalid-body'],
  ['empty-body', 'wait', 'invalid-body'],
  ['no-content', 'wait', 'invalid-body'],
  ['redirect-loop', 'wait', 'invalid-body'],
  ['error-in-200', 'wait', 'overloaded'],
];

/** LangChain's OpenAI package throws the words of an error away when its status is 200. */
const langChainOnly: Partial<Record<FaultName, FaultCode | 'answer'>> = { 'error-in-200': 'invalid-body' };

/** Chat asks for a stream whatever the limit, and takes a whole reply of any content type for it. */
const chatOnly: Partial<Record<FaultName, FaultCode | 'answer'>> = {
  'ended-early': 'connection',
  'wrong-content-type': 'answer',
};

/** Streams end in their own ways; the statuses above come before any stream. */
const streamedTable: readonly Row[] = [
  ['overloaded', 'wait', 'overloaded'],
  ['quota', 'pause', 'quota-exhausted'],
  ['reset', 'wait', 'connection'],
  ['cut-body', 'wait', 'connection'],
  ['ended-early', 'wait', 'connection'],
  ['invalid-json', 'wait', 'invalid-body'],
  ['redirect-loop', 'wait', 'invalid-body'],
];

/** Bodies that never come to an end: only the signal ends them. */
const endless: readonly FaultName[] = ['stalled-headers', 'stalled-body', 'stalled-error-body', 'slow-drip'];

const streaming = servedAdapters.filter(({ adapter }) => adapter !== 'langchain');

async function failOnce({ create }: ServedAdapter, fault: FaultName, sent: ModelRequest = request) {
  const server = await startModelServer([{ fault }]);
  try {
    const model = await create(server);
    return { reply: await model.complete(sent, AbortSignal.timeout(5000)), server };
  } finally {
    await server.close();
  }
}

describe.each(servedAdapters)('$adapter', (adapter) => {
  test.each(table)('%s is a fault to %s for: %s', async (fault, action, code) => {
    const { reply, server } = await failOnce(adapter, fault);
    const own = { langchain: langChainOnly, 'openai-chat': chatOnly }[adapter.adapter] ?? {};
    const expected = own[fault] ?? code;
    expect(reply).toMatchObject(expected === 'answer' ? { kind: 'answer' } : { kind: 'fault', action, code: expected });
    expect(server.requests).toHaveLength(1);
    expect(server.violations).toEqual([]);
    expect(JSON.stringify(reply)).not.toContain(testKey);
  });

  test.each(endless)('a call with %s ends with its signal', async (fault) => {
    const server = await startModelServer([{ fault }]);
    const model = await adapter.create(server);
    const reply = await model.complete(request, AbortSignal.timeout(50));
    await server.close();
    expect(reply).toMatchObject({ kind: 'fault', action: 'wait', code: 'aborted' });
  });

  test('a signal that is aborted already makes no call', async () => {
    const server = await startModelServer([{ reply: { text: 'hello' } }]);
    const model = await adapter.create(server);
    const reply = await model.complete(request, AbortSignal.abort());
    await server.close();
    expect(reply).toMatchObject({ kind: 'fault', code: 'aborted' });
    expect(server.requests).toHaveLength(0);
  });

  test('a refused connection is waited for', async () => {
    const server = await startModelServer([{ reply: {} }]);
    await server.close();
    const model = await adapter.create(server);
    const reply = await model.complete(request, AbortSignal.timeout(5000));
    expect(reply).toMatchObject({ kind: 'fault', action: 'wait', code: 'connection' });
  });

  test.each([
    ['rate-limited', undefined],
    ['rate-limited-3s', 3],
    ['rate-limited-1h', 3600],
    ['rate-limited-0', 0],
    ['rate-limited-negative', undefined],
    ['rate-limited-huge', 30 * 24 * 3600],
    ['rate-limited-milliseconds', 1.5],
  ] as const)('%s asks to wait for %s seconds', async (fault, seconds) => {
    const { reply } = await failOnce(adapter, fault);
    expect(reply.kind === 'fault' && reply.retryAfterSeconds).toBe(seconds);
  });

  test('a date in retry-after is read as seconds from now', async () => {
    const { reply } = await failOnce(adapter, 'rate-limited-date');
    const seconds = reply.kind === 'fault' ? reply.retryAfterSeconds : undefined;
    expect(seconds).toBeGreaterThan(55);
    expect(seconds).toBeLessThanOrEqual(60);
  });
});

describe.each(streaming)('$adapter, streamed', (adapter) => {
  const long = { ...request, maxOutputTokens: 64_000 };

  test.each(streamedTable)('%s is a fault to %s for: %s', async (fault, action, code) => {
    const { reply, server } = await failOnce(adapter, fault, long);
    expect(reply).toMatchObject({ kind: 'fault', action, code });
    expect(server.requests[0]?.body.stream).toBe(true);
  });

  test.each(['html', 'empty-body'] as const)('%s in place of a stream is waited for', async (fault) => {
    const { reply } = await failOnce(adapter, fault, long);
    expect(reply).toMatchObject({ kind: 'fault', action: 'wait', code: 'invalid-body' });
  });

  test('an error inside the stream is the fault that it names', async () => {
    const { reply } = await failOnce(adapter, 'error-in-stream', long);
    expect(reply).toMatchObject({ kind: 'fault', action: 'wait' });
    expect(reply.kind === 'fault' && ['overloaded', 'server-error']).toContain(reply.kind === 'fault' && reply.code);
  });

  test.each(endless)('a call with %s ends with its signal', async (fault) => {
    const server = await startModelServer([{ fault }]);
    const model = await adapter.create(server);
    const reply = await model.complete(long, AbortSignal.timeout(50));
    await server.close();
    expect(reply).toMatchObject({ kind: 'fault', action: 'wait', code: 'aborted' });
  });
});

test('every row of the table says what its code belongs to', () => {
  const actions = new Map<FaultCode, FaultAction>();
  for (const { code, action } of faultRows) {
    expect(actions.get(code) ?? action).toBe(action);
    actions.set(code, action);
  }
});
