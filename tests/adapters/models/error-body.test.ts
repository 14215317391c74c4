/** A refusal's own sentence reaches the fault, through each SDK, whatever the shape of the body. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, test } from 'vitest';
import { createModel } from '../../../src/adapters/models/create-model.ts';
import type { ModelRequest } from '../../../src/ports/model.ts';

const request: ModelRequest = {
  system: 'You research.',
  messages: [{ role: 'user', text: 'Propose.' }],
  tools: [],
  maxOutputTokens: 16_000,
};

/** What a model says whose server answers so. */
async function faultOf(model: string, status: number, body: unknown, type = 'application/json') {
  const server = createServer((_, response) => {
    response.writeHead(status, { 'content-type': type });
    response.end(typeof body === 'string' ? body : JSON.stringify(body));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const root = `http://127.0.0.1:${port}`;
  const baseUrl = model.startsWith('anthropic') ? root : `${root}/v1`;
  const environment = { OPENAI_API_KEY: 'k', ANTHROPIC_API_KEY: 'k' };
  const asked = await createModel({ model: model.replace('#responses', ''), baseUrl, environment, ...apiOf(model) });
  const reply = await asked.complete(request, AbortSignal.timeout(5000));
  server.closeAllConnections();
  server.close();
  if (reply.kind === 'answer') throw new Error('an answer, not a fault');
  return reply;
}

const apiOf = (model: string) => (model.endsWith('#responses') ? ({ api: 'responses' } as const) : {});

const models = ['vllm:qwen3', 'openai:gpt-6-sol#responses', 'anthropic:claude-sonnet-5-5', 'langchain:openai:gpt-4.1'];
const sentence = 'tools are not for this model';

const bodies: readonly (readonly [string, unknown])[] = [
  ['FastAPI’s detail', { detail: sentence }],
  ['FastAPI’s list', { detail: [{ loc: ['body', 'tools'], msg: sentence, type: 'extra' }] }],
  ['object: error', { object: 'error', message: sentence, type: 'BadRequestError', code: 400 }],
  ['a message', { message: sentence }],
  ['an error as a text', { error: sentence }],
  ['an error as an object', { error: { message: sentence, type: 'x' } }],
  ['a list of errors', [{ error: { code: 400, message: sentence, status: 'INVALID_ARGUMENT' } }]],
  ['errors', { errors: [{ message: sentence }] }],
  ['SiliconFlow’s', { code: 20015, message: sentence, data: null }],
  ['Mistral’s message with details', { object: 'error', message: { detail: [{ loc: ['body'], msg: sentence }] } }],
  [
    'OpenRouter’s raw text',
    {
      error: {
        message: 'Provider returned error',
        code: 400,
        metadata: { raw: JSON.stringify({ object: 'error', message: sentence }), provider_name: 'Mistral' },
      },
    },
  ],
  ['JSON in a message', { error: { message: JSON.stringify({ error: { message: sentence } }) } }],
  ['RFC 9457', { type: 'about:blank', title: 'Bad Request', status: 400, detail: sentence }],
  ['plain text', sentence],
  ['a page', `<!DOCTYPE html><html><head><title>Refused</title></head><body><p>${sentence}</p></body></html>`],
];

describe.each(models)('%s', (model) => {
  test.each(bodies)('%s', async (_, body) => {
    const type = typeof body === 'string' ? 'text/html' : 'application/json';
    const fault = await faultOf(model, 400, body, type);
    expect(fault).toMatchObject({ action: 'pause', code: 'bad-request' });
    expect(fault.message).toContain(sentence);
    expect(fault.message).not.toMatch(/no body|[{}<>]/);
  });

  test('an empty body is told by its status', async () => {
    expect((await faultOf(model, 400, '')).message).toContain('The provider answered 400');
  });
});

describe('an error that is answered with the status 200 is told, not "not understood"', () => {
  test.each(models.slice(0, 3))('%s', async (model) => {
    for (const body of [{ error: sentence }, { detail: sentence }, { object: 'error', message: sentence }]) {
      expect((await faultOf(model, 200, body)).message).toContain(sentence);
    }
  });
});

test.each([
  ['Model qwen3 is not loaded. Load it first.', 'not-found'],
  ['Unexpected endpoint or method. (POST /chat/completions)', 'not-found'],
  ['The engine is tired.', 'server-error'],
] as const)('LM Studio’s 200 with %s is no unknown page', async (error, code) => {
  const fault = await faultOf('lmstudio:qwen3', 200, { error });
  expect(fault).toMatchObject({ code });
  expect(fault.message).toContain(error);
});

test('a page’s title is told once', async () => {
  const page = '<html><head><title>502 Bad Gateway</title></head><body><h1>502 Bad Gateway</h1>nginx</body></html>';
  expect((await faultOf('vllm:x', 502, page, 'text/html')).message).toBe(
    'The provider answered 502: Bad Gateway nginx',
  );
});
