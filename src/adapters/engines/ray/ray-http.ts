/**
 * Requests to the dashboard of a Ray cluster.
 *
 * Not by `fetch`: Node's sends `Sec-Fetch-Mode` with every request, which Ray takes for a browser and refuses all but GET.
 */
import { type IncomingMessage, request as overHttp } from 'node:http';
import { request as overHttps } from 'node:https';
import type { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { pipeline } from 'node:stream/promises';

/** What is sent with a request. */
export interface Body {
  readonly type: 'application/json' | 'application/octet-stream';
  readonly bytes: number;
  readonly open: () => Readable;
}

export interface RayRequest {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  /** Below the address, such as `/api/version`. */
  readonly path: string;
  readonly body?: Body;
}

export interface Reply {
  readonly status: number;
  readonly text: string;
}

/** The cluster gave no answer to go by: nothing listens, the connection broke, or a proxy says so. */
export class Unreachable extends Error {}

/** Sends requests to one cluster. */
export interface RayHttp {
  /** The whole answer as text; rejects with `Unreachable`. */
  readonly ask: (request: RayRequest) => Promise<Reply>;
  /** Hands the body of a good answer on as it comes; resolves with the whole answer where it is another. */
  readonly read: (request: RayRequest, use: (body: Readable) => Promise<void>) => Promise<Reply>;
}

/** Seconds without a byte after which a connection counts as broken. */
const silentSeconds = 30;
/** What a proxy or a load balancer answers for a cluster that is not there. */
const awayStatuses: readonly number[] = [502, 503, 504];

/** Requests to the cluster at this address, such as `http://127.0.0.1:8265`, with Ray's own token where it wants one. */
export function createRayHttp(address: URL, token: string | undefined): RayHttp {
  const base = address.href.replace(/\/+$/, '');

  async function send({ method, path, body }: RayRequest): Promise<IncomingMessage> {
    const headers: Record<string, string | number> = {
      ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
      ...(body && { 'content-type': body.type, 'content-length': body.bytes }),
    };
    const url = new URL(`${base}${path}`);
    const sent = (url.protocol === 'https:' ? overHttps : overHttp)(url, { method, headers });
    sent.setTimeout(silentSeconds * 1000, () => sent.destroy(new Error('it does not answer')));
    const answer = new Promise<IncomingMessage>((resolve, reject) => {
      sent.once('response', resolve);
      sent.once('error', reject);
    });
    if (!body) sent.end();
    else {
      // Where the server answers before it has read all, its answer says why.
      pipeline(body.open(), sent).catch(() => {});
    }
    return answer;
  }

  async function answered<Result>(use: () => Promise<Result>): Promise<Result> {
    try {
      return await use();
    } catch (cause) {
      throw new Unreachable(reasonOf(cause), { cause });
    }
  }

  async function wholeOf(message: IncomingMessage): Promise<Reply> {
    const reply = { status: message.statusCode ?? 0, text: await text(message) };
    if (awayStatuses.includes(reply.status)) throw new Error(`HTTP ${reply.status}`);
    return reply;
  }

  return {
    ask: (asked) => answered(async () => wholeOf(await send(asked))),
    read: async (asked, use) => {
      const message = await answered(() => send(asked));
      if (message.statusCode !== 200) return answered(() => wholeOf(message));
      await use(message);
      return { status: 200, text: '' };
    },
  };
}

/** A body of JSON. */
export function jsonBody(value: unknown, open: (bytes: Buffer) => Readable): Body {
  const bytes = Buffer.from(JSON.stringify(value));
  return { type: 'application/json', bytes: bytes.length, open: () => open(bytes) };
}

/** Why a request failed, such as `ECONNREFUSED`; a name with several addresses fails once for each. */
function reasonOf(cause: unknown): string {
  const error = cause as NodeJS.ErrnoException & { readonly errors?: readonly NodeJS.ErrnoException[] };
  return error.code ?? error.errors?.[0]?.code ?? error.message;
}
