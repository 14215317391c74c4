/** What every model promises to its caller. */
import { describe, expect, test } from 'vitest';
import { noUsage } from '../../src/core/base/model-usage.ts';
import type { Model, ModelMessage, ModelReply, ModelRequest } from '../../src/ports/model.ts';
import type { ServedReply } from '../helpers/model-server/render-reply.ts';

export interface ModelFixture {
  readonly model: Model;
  /** What the provider found wrong with the requests; nothing for a model that has no provider. */
  readonly violations: readonly string[];
  readonly close: () => Promise<void>;
}

export interface ModelContract {
  readonly name: string;
  /** Whether a reply says how it ended and carries thoughts; a script does not. */
  readonly hasProvider: boolean;
  readonly limits: readonly number[];
  readonly create: (replies: readonly ServedReply[]) => Promise<ModelFixture>;
}

const tools = [
  {
    name: 'edit',
    description: 'Edits train.py.',
    parameters: {
      type: 'object',
      properties: { find: { type: 'string' }, replace: { type: 'string' } },
      required: ['find', 'replace'],
      additionalProperties: false,
    },
  },
  { name: 'submit', description: 'Submits the proposal.', parameters: { type: 'object', properties: {} } },
];

const edit = { find: 'LR = 0.1', replace: "LR = 0.2  # `$&` \\u2028 “ünïcode” 🌙\n\tx = {'a': [1, 2]}" };

export function testModelContract({ name, hasProvider, limits, create }: ModelContract): void {
  describe.each(limits)(`the ${name} model with at most %i tokens a reply`, (maxOutputTokens) => {
    const ask = (messages: readonly ModelMessage[]): ModelRequest => ({
      system: 'You improve a training script.',
      messages,
      tools,
      maxOutputTokens,
    });
    const first: ModelMessage = { role: 'user', text: 'Propose one change.' };
    const signal = () => AbortSignal.timeout(20_000);

    const converse = async (
      replies: readonly ServedReply[],
      use: (model: Model) => Promise<void>,
      isValid = true,
    ): Promise<void> => {
      const { model, violations, close } = await create(replies);
      try {
        await use(model);
        if (isValid) expect(violations).toEqual([]);
      } finally {
        await close();
      }
    };

    test('a text is an answer', () =>
      converse([{ text: 'Raise the rate.' }], async (model) => {
        const reply = answer(await model.complete(ask([first]), signal()));
        expect(reply).toMatchObject({ text: 'Raise the rate.', calls: [] });
      }));

    test('a call arrives with its arguments, letter for letter', () =>
      converse([{ text: 'I will edit.', calls: [{ name: 'edit', arguments: edit }] }], async (model) => {
        const reply = answer(await model.complete(ask([first]), signal()));
        expect(reply.text).toBe('I will edit.');
        expect(reply.calls).toHaveLength(1);
        expect(reply.calls[0]).toMatchObject({ name: 'edit', arguments: edit });
        expect(JSON.parse(reply.calls[0]?.rawArguments ?? '')).toEqual(edit);
      }));

    test('several calls in one reply keep their order and have different ids', () =>
      converse(
        [
          {
            calls: [
              { name: 'edit', arguments: edit },
              { name: 'submit', arguments: {} },
            ],
          },
        ],
        async (model) => {
          const { calls } = answer(await model.complete(ask([first]), signal()));
          expect(calls.map((call) => call.name)).toEqual(['edit', 'submit']);
          expect(new Set(calls.map((call) => call.id)).size).toBe(2);
          expect(calls[1]?.arguments).toEqual({});
        },
      ));

    test('a conversation of calls, results and errors goes on until the last word', () =>
      converse(
        [
          { text: 'First.', thought: 'encrypted-1', calls: [{ id: 'call_a', name: 'edit', arguments: edit }] },
          { thought: 'encrypted-2', calls: [{ id: 'call_b', name: 'submit', arguments: {} }] },
          { text: 'Done.' },
        ],
        async (model) => {
          let messages: readonly ModelMessage[] = [first];
          for (const isError of [true, false]) {
            const { text, calls, native } = answer(await model.complete(ask(messages), signal()));
            messages = [
              ...messages,
              { role: 'assistant', text, calls, native },
              { role: 'tool', results: calls.map(({ id }) => ({ callId: id, text: 'no match', isError })) },
              { role: 'user', text: 'Go on.' },
            ];
          }
          expect(answer(await model.complete(ask(messages), signal())).text).toBe('Done.');
        },
      ));

    test('a conversation can be told again without what only the adapter understands', () =>
      converse([{ text: 'Done.' }], async (model) => {
        const calls = [{ id: 'call_a', name: 'edit', arguments: edit, rawArguments: JSON.stringify(edit) }];
        const messages: readonly ModelMessage[] = [
          first,
          { role: 'assistant', text: '', calls },
          { role: 'tool', results: [{ callId: 'call_a', text: '', isError: false }] },
        ];
        expect(answer(await model.complete(ask(messages), signal())).text).toBe('Done.');
      }));

    test('a call whose arguments are not a JSON object can be answered like any other', () =>
      converse(
        [{ calls: [{ id: 'call_a', name: 'edit', arguments: '{"find": "LR' }] }, { text: 'Sorry.' }],
        async (model) => {
          const { text, calls, native } = answer(await model.complete(ask([first]), signal()));
          expect(calls[0]?.arguments).toBeUndefined();
          expect(calls[0]?.rawArguments).toContain('{"find": "LR');
          const messages: readonly ModelMessage[] = [
            first,
            { role: 'assistant', text, calls, native },
            { role: 'tool', results: [{ callId: 'call_a', text: 'not JSON', isError: true }] },
          ];
          expect(answer(await model.complete(ask(messages), signal())).text).toBe('Sorry.');
        },
      ));

    test('tokens are counted apart: read, read from a cache, written to a cache, put out', () =>
      converse(
        [{ text: 'x', usage: { uncached: 7, cached: 1000, written: hasProvider ? 30 : 0, output: 5 } }],
        async (model) => {
          const { usage = noUsage } = answer(await model.complete(ask([first]), signal()));
          expect(usage.cachedInput).toBe(1000);
          expect(usage.output).toBe(5);
          // LangChain's OpenAI package does not tell what was written to a cache.
          expect(usage.uncachedInput + usage.cacheWrite).toBe(hasProvider ? 37 : 7);
        },
      ));

    test('half a character is replaced on the way out', () =>
      converse([{ text: 'Done.' }], async (model) => {
        const messages: readonly ModelMessage[] = [{ role: 'user', text: `log ${'🌙'.slice(0, 1)} end` }];
        expect(answer(await model.complete(ask(messages), signal())).text).toBe('Done.');
      }));

    if (!hasProvider) return;

    test.each([
      ['truncated', { text: 'LR = 0.2\nDEP', ending: 'truncated' }],
      ['truncated', { calls: [{ name: 'edit', arguments: edit }], ending: 'truncated' }],
      ['refused', { text: 'I cannot help with that.', ending: 'refused' }],
      ['empty', { text: '' }],
      ['empty', { text: ' \n' }],
    ] as const)('a reply that is %s is a fault to repair, and its tokens count', (code, reply) =>
      converse([reply], async (model) => {
        const fault = await model.complete(ask([first]), signal());
        expect(fault).toMatchObject({ kind: 'fault', action: 'repair', code });
        expect(fault.usage?.output).toBe(10);
      }),
    );
  });
}

function answer(reply: ModelReply): Extract<ModelReply, { kind: 'answer' }> {
  if (reply.kind === 'answer') return reply;
  throw new Error(`a fault, not an answer: ${reply.code}: ${reply.message}`);
}
