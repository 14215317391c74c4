/**
 * The four adapters over their real SDKs, pointed at the test server.
 */
// LangChain imports it by name, where no tool that looks for unused packages sees it.
import '@langchain/openai';
import { createModel } from '../../../src/adapters/models/create-model.ts';
import type { Model } from '../../../src/ports/model.ts';
import type { ModelServer } from './model-server.ts';
import type { Wire } from './render-reply.ts';

export const testKey = 'sk-canary-0123456789abcdef';

export interface ServedAdapter {
  readonly adapter: string;
  readonly wire: Wire;
  /** A model on the server, by this name where it does not matter which. */
  readonly create: (server: ModelServer, model?: string) => Promise<Model>;
}

const environment = { OPENAI_API_KEY: testKey, ANTHROPIC_API_KEY: testKey };

export const servedAdapters: readonly ServedAdapter[] = [
  {
    adapter: 'openai-responses',
    wire: 'responses',
    create: ({ openAIUrl }, model = 'gpt-6-sol') =>
      createModel({ model: `openai:${model}`, baseUrl: openAIUrl, api: 'responses', environment }),
  },
  {
    adapter: 'openai-chat',
    wire: 'chat',
    create: ({ openAIUrl }, model = 'gpt-6-sol') =>
      createModel({ model: `openai:${model}`, baseUrl: openAIUrl, environment }),
  },
  {
    adapter: 'anthropic',
    wire: 'messages',
    create: ({ url }, model = 'claude-sonnet-5-5') =>
      createModel({ model: `anthropic:${model}`, baseUrl: url, environment }),
  },
  {
    adapter: 'langchain',
    wire: 'chat',
    create: ({ openAIUrl }, model = 'gpt-4.1') =>
      createModel({ model: `langchain:openai:${model}`, baseUrl: openAIUrl, environment }),
  },
];
