/**
 * A channel that is one POST of JSON: what the answer says of whether the notice arrived, and whether to try again.
 */
import { plainText } from '../../core/base/plain-text.ts';
import type { Channel, Told } from '../../ports/channel.ts';
import { readRetryAfter } from '../models/retry-after.ts';
import type { Environment, Provider } from './provider.ts';

/** How long one request may take. */
const limitMilliseconds = 5000;
/** Where the provider does not say how long to wait. */
const defaultRetrySeconds = 2;
const maxReason = 200;

/** `mask` takes the secrets of the environment out of a text. */
export function createHttpChannel(
  name: string,
  { requestOf, readAnswer }: Provider,
  environment: Environment,
  mask: (text: string) => string,
): Channel {
  return {
    name,
    tell: async (notice, signal) => {
      const { url, headers, body } = requestOf(notice, environment);
      const limit = AbortSignal.any([signal, AbortSignal.timeout(limitMilliseconds)]);
      try {
        const answer = await fetch(url, {
          method: 'POST',
          headers: { 'content-type': 'application/json', 'user-agent': 'nocturne', ...headers },
          body: JSON.stringify(body),
          // A webhook that has moved is said; a secret is not sent on to another place.
          redirect: 'manual',
          signal: limit,
        });
        return toldBy(answer, await answer.text());
      } catch (error) {
        const reason = limit.aborted ? `no answer within ${limitMilliseconds / 1000} s` : networkReason(error);
        return { kind: 'failed', reason: mask(reason), retryAfterSeconds: defaultRetrySeconds };
      }
    },
  };

  function toldBy({ ok, status, headers }: Response, body: string): Told {
    if (ok) return { kind: 'told' };
    const read = readAnswer?.(body) ?? {};
    const said =
      read.reason === undefined ? '' : `: ${plainText(read.reason).replace(/\s+/g, ' ').slice(0, maxReason)}`;
    const reason = mask(`HTTP ${status}${said}`);
    if (status !== 429 && status < 500) return { kind: 'failed', reason };
    const asked = readRetryAfter((header) => headers.get(header) ?? undefined, Date.now()) ?? read.retryAfterSeconds;
    return { kind: 'failed', reason, retryAfterSeconds: asked ?? defaultRetrySeconds };
  }
}

/** Such as `ECONNREFUSED`: the message of a failed fetch is only that it failed. */
function networkReason(error: unknown): string {
  const { cause, message } = error as Error & { cause?: { code?: string; message?: string } };
  return cause?.code ?? cause?.message ?? message;
}
