/** The owner's address is the only one that is spoken to, for every provider that can be named here. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
// LangChain imports it by name, where no tool that looks for unused packages sees it.
import '@langchain/openai';
import { createModel, type ModelSettings } from '../../../src/adapters/models/create-model.ts';
import { langChainProviders } from '../../../src/adapters/models/langchain/providers.ts';
import { providers } from '../../../src/adapters/models/providers.ts';
import { hostsAsked } from '../../helpers/hosts-asked.ts';

const key = 'sk-canary-0123456789abcdef';
const signal = new AbortController().signal;
const seen: string[] = [];
const server = createServer((incoming, response) => {
  seen.push(`${incoming.method} ${incoming.url}`);
  response.writeHead(500, { 'content-type': 'application/json' });
  response.end('{"error":{"message":"no"}}');
});
let address = '';

beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
beforeEach(() => void seen.splice(0));
afterAll(() => void server.close());

/** The hosts that one call goes to. */
function askOnce(settings: ModelSettings): Promise<readonly string[]> {
  return hostsAsked(async () => {
    const model = await createModel(settings);
    const messages = [{ role: 'user', text: 'Propose.' }] as const;
    await model.complete({ system: '', messages, tools: [], maxOutputTokens: 100 }, signal);
  });
}

function keysFor(variables: readonly string[]): Record<string, string> {
  return Object.fromEntries(variables.map((name) => [name, key]));
}

describe.each(Object.entries(providers))('%s', (name, { keyVariables, baseUrlVariable }) => {
  test.each(['base_url', 'its variable'])('speaks only to the address of %s', async (source) => {
    const given = source === 'base_url' ? { baseUrl: address } : {};
    const environment = { ...keysFor(keyVariables), ...(source !== 'base_url' && { [baseUrlVariable]: address }) };
    const hosts = await askOnce({ model: `${name}:some-model`, environment, ...given });
    expect(hosts).toEqual(['127.0.0.1']);
    expect(seen.length).toBeGreaterThan(0);
  });
});

test.each(['base_url', 'OPENAI_BASE_URL'])('langchain:openai speaks only to the address of %s', async (source) => {
  const given = source === 'base_url' ? { baseUrl: address } : {};
  const environment = { OPENAI_API_KEY: key, ...(source !== 'base_url' && { [source]: address }) };
  expect(await askOnce({ model: 'langchain:openai:gpt-4.1', environment, ...given })).toEqual(['127.0.0.1']);
});

const addressless = Object.entries(langChainProviders).filter(([, provider]) => provider.address === undefined);

test.each(addressless)(
  'an address for langchain:%s, whose package takes none, is refused before anything is sent',
  async (name, provider) => {
    const environment = keysFor(provider.keyVariables);
    const sources = [
      { baseUrl: address },
      ...(provider.addressVariable ? [{ variable: provider.addressVariable }] : []),
    ];
    for (const { variable, ...given } of sources as readonly { variable?: string; baseUrl?: string }[]) {
      const settings = {
        model: `langchain:${name}:x`,
        environment: { ...environment, ...(variable && { [variable]: address }) },
        ...given,
      };
      const hosts = await hostsAsked(() =>
        expect(createModel(settings)).rejects.toThrow(`\`${variable ?? 'base_url'}\` cannot be set for \`${name}\``),
      );
      expect(hosts).toEqual([]);
    }
    expect(seen).toEqual([]);
  },
);
