import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createModel, type ModelSettings } from '../../../src/adapters/models/create-model.ts';
import { ProviderError } from '../../../src/core/base/errors.ts';
import type { ModelRequest } from '../../../src/ports/model.ts';
import { type ModelServer, startModelServer } from '../../helpers/model-server/model-server.ts';

const folder = mkdtempSync(join(tmpdir(), 'nocturne-keys-'));
const keyFile = (text: string): string => {
  const path = join(folder, `key-${Math.random()}`);
  writeFileSync(path, text);
  return path;
};

let server: ModelServer;
beforeAll(async () => {
  server = await startModelServer([{ reply: { text: 'ok' } }]);
});
afterAll(async () => {
  await server.close();
  rmSync(folder, { recursive: true });
});

const request: ModelRequest = {
  system: 'You improve a training script.',
  messages: [{ role: 'user', text: 'Propose.' }],
  tools: [],
  maxOutputTokens: 100,
};

/** What a model made of these settings sends. */
async function sent(settings: Omit<ModelSettings, 'environment'> & { environment?: ModelSettings['environment'] }) {
  const model = await createModel({ environment: {}, ...settings });
  const reply = await model.complete(request, AbortSignal.timeout(5000));
  expect(reply).toMatchObject({ kind: 'answer', text: 'ok' });
  const last = server.requests.at(-1);
  if (last === undefined) throw new Error('nothing was sent');
  return last;
}

async function refusal(settings: Partial<ModelSettings>): Promise<ProviderError> {
  const error = await createModel({ model: 'openai:x', environment: {}, ...settings }).catch(
    (caught: unknown) => caught,
  );
  if (error instanceof ProviderError) return error;
  throw new Error(`no ProviderError: ${String(error)}`);
}

describe('which protocol is spoken', () => {
  const key = { OPENAI_API_KEY: 'k', ANTHROPIC_API_KEY: 'k', OPENROUTER_API_KEY: 'k', MODEL_PROXY_API_KEY: 'k' };

  test.each([
    ['openai:gpt-6-sol', undefined, '/v1/chat/completions'],
    ['openai:gpt-6-sol', 'responses', '/v1/responses'],
    ['ollama:qwen3', undefined, '/v1/chat/completions'],
    ['ollama:qwen3:8b', 'responses', '/v1/responses'],
    ['vllm:org/model', undefined, '/v1/chat/completions'],
    ['lmstudio:model', undefined, '/v1/chat/completions'],
    ['openrouter:meta/llama-4', undefined, '/v1/chat/completions'],
    ['langchain:openai:gpt-4.1', undefined, '/v1/chat/completions'],
  ] as const)('%s with api %s calls %s', async (model, api, path) => {
    const { path: called, body } = await sent({ model, api, baseUrl: `${server.openAIUrl}/`, environment: key });
    expect(called).toBe(path);
    expect(body.model).toBe(model.replace(/^(langchain:)?[a-z]+:/, ''));
  });

  test('the address may stand in the provider’s own variable', async () => {
    const openai = { ...key, OPENAI_BASE_URL: server.openAIUrl };
    expect((await sent({ model: 'openai:x', environment: openai })).path).toBe('/v1/chat/completions');
    const anthropic = { ...key, ANTHROPIC_BASE_URL: server.url };
    expect((await sent({ model: 'anthropic:claude-sonnet-5-5', environment: anthropic })).path).toBe('/v1/messages');
  });

  test('the address in the brief wins over the variable', async () => {
    const environment = { ...key, OPENAI_BASE_URL: 'http://127.0.0.1:9' };
    expect((await sent({ model: 'openai:x', baseUrl: server.openAIUrl, environment })).path).toBe(
      '/v1/chat/completions',
    );
  });
});

describe('the key', () => {
  const sentKey = async (environment: ModelSettings['environment'], model = 'openai:x'): Promise<string | undefined> =>
    (await sent({ model, baseUrl: server.openAIUrl, environment })).headers.authorization?.replace('Bearer ', '');

  test('comes from the variable, without the line break of a careless copy', async () => {
    expect(await sentKey({ OPENAI_API_KEY: ' from-variable\n' })).toBe('from-variable');
  });

  test('comes from the file that the variable’s _FILE names', async () => {
    expect(await sentKey({ OPENAI_API_KEY_FILE: keyFile('from-file\n') })).toBe('from-file');
  });

  test('comes from NOCTURNE_KEY_FILE, by name or alone', async () => {
    const many = keyFile('# keys\nexport ANTHROPIC_API_KEY="other"\nOPENAI_API_KEY=\'from-many\'\n');
    expect(await sentKey({ NOCTURNE_KEY_FILE: many })).toBe('from-many');
    expect(await sentKey({ NOCTURNE_KEY_FILE: keyFile('only-one\n') })).toBe('only-one');
  });

  test('of another provider in NOCTURNE_KEY_FILE is not sent', async () => {
    expect(await sentKey({ NOCTURNE_KEY_FILE: keyFile('ANTHROPIC_API_KEY=other\n') })).toBe('none');
  });

  test('is not needed on a server of one’s own', async () => {
    expect(await sentKey({}, 'ollama:qwen3')).toBe('none');
    expect(await sentKey({}, 'openai:x')).toBe('none');
  });

  test('of OpenAI is not sent to another provider', async () => {
    expect(await sentKey({ OPENAI_API_KEY: 'openai-key' }, 'ollama:qwen3')).toBe('none');
  });

  test('with a space in it is refused without being shown', async () => {
    const error = await refusal({ environment: { OPENAI_API_KEY: 'not a-key' } });
    expect(error.message).toContain('OPENAI_API_KEY');
    expect(error.message).not.toContain('not a-key');
  });

  test('in a file that is not there is said by the variable’s name', async () => {
    const error = await refusal({ environment: { OPENAI_API_KEY_FILE: '/nowhere/key' } });
    expect(error.message).toBe('OPENAI_API_KEY_FILE names a file that cannot be read: /nowhere/key (ENOENT)');
  });
});

describe('what the owner must mend is one sentence', () => {
  test.each([
    [{ model: 'openai:gpt-6-sol' }, 'The provider `openai` needs a key, and OPENAI_API_KEY is not set'],
    [{ model: 'anthropic:claude' }, 'The provider `anthropic` needs a key, and ANTHROPIC_API_KEY is not set'],
    [{ model: 'openrouter:x' }, 'The provider `openrouter` needs a key, and OPENROUTER_API_KEY is not set'],
    [{ model: 'groq:llama' }, 'The provider `groq` needs a key, and GROQ_API_KEY is not set'],
    [{ model: 'colab:gemini' }, 'The provider `colab` needs an address, and MODEL_PROXY_HOST is not set'],
    [{ model: 'antropic:claude' }, 'There is no provider `antropic`; did you mean `anthropic`?'],
    [{ model: 'constructor:x' }, 'There is no provider `constructor`'],
    [{ model: 'gpt-6-sol' }, '`model` must be provider:model, such as anthropic:claude-sonnet-5-5, found `gpt-6-sol`'],
    [
      { model: 'openai:x', baseUrl: 'localhost:8000' },
      'base_url must be an address such as http://localhost:11434/v1, found `localhost:8000`',
    ],
    [
      { model: 'openai:x', baseUrl: 'http://me:secret@host/v1' },
      'base_url must not hold a user name or a password; keys belong into the environment',
    ],
    [
      { model: 'cohere:command', environment: { COHERE_API_KEY: 'k' } },
      'The provider `cohere` needs the package @langchain/cohere, which is not installed',
    ],
  ] as const)('%j', async (settings, message) => {
    const error = await refusal(settings);
    expect(error.message).toBe(message);
  });

  test('a missing package is asked for with the command that installs it', async () => {
    const error = await refusal({ model: 'google-genai:gemini', environment: { GOOGLE_API_KEY: 'k' } });
    expect(error.hint).toMatch(/^npm install .+ @langchain\/google-genai$/);
  });
});

test('Colab’s proxy is called under its own path with its own key', async () => {
  const environment = { MODEL_PROXY_HOST: `${server.url}/`, MODEL_PROXY_API_KEY: 'proxy-key' };
  const { path, headers, body } = await sent({ model: 'colab:google/gemini-2.5-flash', environment });
  expect(path).toBe('/models/openapi/chat/completions');
  expect(headers.authorization).toBe('Bearer proxy-key');
  expect(body.model).toBe('google/gemini-2.5-flash');
});

test('where the key of Colab’s proxy is missing, it says which secret it is', async () => {
  const environment = { MODEL_PROXY_HOST: server.url };
  const error: unknown = await createModel({ model: 'colab:x', environment }).catch((found: unknown) => found);
  expect(error).toMatchObject({
    message: 'The provider `colab` needs a key, and MODEL_PROXY_API_KEY is not set',
    hint: expect.stringContaining('google.colab.userdata.get("MODEL_PROXY_API_KEY")'),
  });
});

test('an address that cannot be called is a connection to wait for, not a crash', async () => {
  const model = await createModel({ model: 'ollama:x', baseUrl: 'http://127.0.0.1:9/v1', environment: {} });
  expect(await model.complete(request, AbortSignal.timeout(5000))).toMatchObject({
    action: 'wait',
    code: 'connection',
  });
});
