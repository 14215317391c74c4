/**
 * What an adapter is told about its provider, after the brief and the environment have been read.
 */
import type { Redact } from '../redact.ts';
import { fetchKeepingErrors } from './keep-error-body.ts';

export interface WireOptions {
  /** As the brief names it. */
  readonly name: string;
  /** As the provider names it. */
  readonly model: string;
  readonly key: string;
  readonly baseUrl: string;
  /** The provider's own host, where every documented parameter may be used. */
  readonly isDefaultHost: boolean;
  /** Reasoning effort as the brief names it. */
  readonly effort?: string | undefined;
  readonly redact: Redact;
}

/**
 * What every SDK client is built with. No retries: there is one layer for those, `patient-model.ts`. No redirects: a
 * POST would become a GET, and a key in a custom header would go to another host. No log: `OPENAI_LOG=debug` prints
 * prompts.
 */
export const clientOptions = {
  maxRetries: 0,
  logLevel: 'off',
  fetch: fetchKeepingErrors,
  fetchOptions: { redirect: 'manual' },
} as const;

/**
 * Whether a reply must be streamed: Node's fetch gives up after 300 s without a header, and providers reckon with
 * 128,000 output tokens an hour (at that pace the Anthropic SDK refuses an unstreamed request of more than ten
 * minutes).
 */
export function needsStream(maxOutputTokens: number): boolean {
  return maxOutputTokens > (128_000 / 3600) * 300;
}
