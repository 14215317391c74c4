/**
 * What an adapter is told about its provider, after the brief and the environment have been read.
 */
import type { Redact } from '../redact.ts';

export interface WireOptions {
  /** As the brief names it. */
  readonly name: string;
  /** As the provider names it. */
  readonly model: string;
  readonly key: string;
  readonly baseUrl: string;
  /** The provider's own host, where every documented parameter may be used. */
  readonly isDefaultHost: boolean;
  readonly redact: Redact;
}

/**
 * What every SDK client is built with. No retries: there is one layer for those, `patient-model.ts`. No redirects: a POST
 * would become a GET, and a key in a header of its own would go to a stranger. No log: `OPENAI_LOG=debug` prints prompts.
 */
export const clientOptions = {
  maxRetries: 0,
  logLevel: 'off',
  fetchOptions: { redirect: 'manual' },
} as const;

/**
 * Whether a reply must be streamed: Node's fetch gives up after 300 s without a header, and providers count on 128,000
 * tokens an hour (the Anthropic SDK itself refuses to wait for more than ten minutes' worth).
 */
export function needsStream(maxOutputTokens: number): boolean {
  return maxOutputTokens > (128_000 / 3600) * 300;
}
