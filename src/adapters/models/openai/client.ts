/**
 * The OpenAI SDK's client, imported only when a model needs it.
 */
import type OpenAI from 'openai';
import { clientOptions, type WireOptions } from '../wire-options.ts';

/** A client that reads from the environment only organisation and project, and those only for OpenAI's own host. */
export async function createOpenAIClient({ key, baseUrl, isDefaultHost }: WireOptions): Promise<OpenAI> {
  const { default: Client } = await import('openai');
  return new Client({
    ...clientOptions,
    apiKey: key,
    adminAPIKey: null,
    baseURL: baseUrl,
    ...(!isDefaultHost && { organization: null, project: null }),
  });
}
