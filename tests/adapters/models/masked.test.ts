import { expect, test } from 'vitest';
import { markOf } from '../../../src/core/base/secrets.ts';
import type { Model, ModelRequest } from '../../../src/ports/model.ts';
import { startModelServer } from '../../helpers/model-server/model-server.ts';
import { servedAdapters } from '../../helpers/model-server/served-models.ts';

const key = 'canary7Zr3TnB1xWv7LpK';
const said = `API_KEY = "${key}"`;
const signal = new AbortController().signal;

function ask(model: Model, own: unknown): ReturnType<Model['complete']> {
  const request: ModelRequest = {
    system: `Do it. ${said}`,
    messages: [
      { role: 'user', text: `a bare ${key} before its name` },
      {
        role: 'assistant',
        text: `I write ${key}`,
        calls: [{ id: 'c1', name: 'edit', arguments: { edits: [{ find: key }] }, rawArguments: `{"find":"${key}"}` }],
        native: own,
      },
      { role: 'tool', results: [{ callId: 'c1', text: `the log says ${said}`, isError: false }] },
    ],
    tools: [
      {
        name: 'edit',
        description: `Never write ${said}`,
        parameters: { type: 'object', properties: { a: { type: 'string', description: said } } },
      },
    ],
    maxOutputTokens: 100,
  };
  return model.complete(request, signal);
}

test.each(servedAdapters)(
  'no text of a request of $adapter has a secret in it, and the same text is the same bytes',
  async ({ create }) => {
    const server = await startModelServer([{ reply: { text: 'ok' } }]);
    const natives = [undefined, [{ type: 'text', text: `I write ${key}` }]];
    for (const native of natives)
      for (const model of [await create(server), await create(server)]) await ask(model, native);
    await server.close();
    expect(server.violations).toEqual([]);
    const bodies = server.requests.map(({ body }) => JSON.stringify(body));
    expect(bodies).toHaveLength(4);
    expect(new Set(bodies).size).toBe(1);
    expect(bodies[0]).not.toContain('canary7');
    expect(bodies[0]).toContain(markOf(key));
  },
);
