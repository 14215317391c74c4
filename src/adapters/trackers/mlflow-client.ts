/**
 * Requests to an MLflow tracking server over its REST API 2.0.
 */
import { setTimeout as delay } from 'node:timers/promises';
import { z } from 'zod';
import { SettingsError, StudyError } from '../../core/base/errors.ts';
import { plainText } from '../../core/base/plain-text.ts';

export interface MlflowClient {
  /** The server's address without credentials. */
  readonly address: string;
  /** An answer as the schema reads it; undefined where the server says that there is no such thing. Throws a ResearchError. */
  readonly ask: <Answer>(request: MlflowRequest, schema: z.ZodType<Answer>) => Promise<Answer | undefined>;
}

export interface MlflowRequest {
  readonly method: 'GET' | 'POST' | 'PUT';
  /** Below `/api/2.0/`. */
  readonly path: string;
  readonly query?: Readonly<Record<string, string>>;
  /** Sent as JSON, or as it is if it is a text. */
  readonly body?: unknown;
  /** Whether it does no harm when it reaches the server twice. */
  readonly isRepeatable: boolean;
}

type Environment = Readonly<Record<string, string | undefined>>;

const timeoutMilliseconds = 60_000;
/** Milliseconds before each further try. */
const pauses = [500, 2000, 8000];

/**
 * A client of the server at this address, with the credentials of MLflow's own variables; once the signal is aborted it asks no more.
 * Throws a SettingsError for another address.
 */
export function mlflowClient(uri: string, environment: Environment, signal?: AbortSignal): MlflowClient {
  const { url, authorization } = addressOf(uri, environment);
  const base = url.href.replace(/\/+$/, '');
  const send = async ({ method, path, query = {}, body }: MlflowRequest): Promise<Response> => {
    const search = new URLSearchParams(query).toString();
    const isText = typeof body === 'string';
    return fetch(`${base}/api/2.0/${path}${search === '' ? '' : `?${search}`}`, {
      method,
      headers: {
        ...(body !== undefined && { 'content-type': isText ? 'text/plain' : 'application/json' }),
        ...(authorization !== undefined && { authorization }),
      },
      ...(body !== undefined && { body: isText ? body : JSON.stringify(body) }),
      signal: AbortSignal.any([AbortSignal.timeout(timeoutMilliseconds), ...(signal ? [signal] : [])]),
    });
  };
  return {
    address: base,
    ask: async (request, schema) => {
      const answer = await withRetries(request, send, base, signal);
      const text = await answer.text();
      if (answer.status === 404 && text.includes('RESOURCE_DOES_NOT_EXIST')) return undefined;
      if (!answer.ok) throw refused(base, request, answer.status, text);
      return readAnswer(base, request, text, schema);
    },
  };
}

function addressOf(uri: string, environment: Environment) {
  const url = URL.canParse(uri) ? new URL(uri) : undefined;
  if (url?.protocol !== 'http:' && url?.protocol !== 'https:') {
    throw new SettingsError(
      `The address of an MLflow server begins with http:// or https://, found ${JSON.stringify(uri)}.`,
      {
        hint: 'Start one on its own store, such as `mlflow server --backend-store-uri sqlite:///mlflow.db`, and name it with --uri.',
      },
    );
  }
  const [name, word] = [decodeURIComponent(url.username), decodeURIComponent(url.password)];
  url.username = '';
  url.password = '';
  const { MLFLOW_TRACKING_TOKEN: token } = environment;
  const user = name || environment.MLFLOW_TRACKING_USERNAME;
  const password = word || environment.MLFLOW_TRACKING_PASSWORD;
  const basic = user && `Basic ${Buffer.from(`${user}:${password ?? ''}`).toString('base64')}`;
  return { url, authorization: basic || (token ? `Bearer ${token}` : undefined) };
}

async function withRetries(
  request: MlflowRequest,
  send: (request: MlflowRequest) => Promise<Response>,
  base: string,
  signal: AbortSignal | undefined,
): Promise<Response> {
  const once = () =>
    send(request).catch((cause: Error) => {
      throw unanswered(base, cause, signal);
    });
  for (const pause of pauses) {
    const answer = await (request.isRepeatable ? once().catch(() => undefined) : once());
    if (answer && !isWorthAnotherTry(request, answer)) return answer;
    if (signal?.aborted) break;
    await delay(pause, undefined, signal ? { signal } : {}).catch(() => {});
  }
  return once();
}

/** What a server refuses because it is asked too often (429), it has not done; after another trouble nobody knows. */
function isWorthAnotherTry({ isRepeatable }: MlflowRequest, { status }: Response): boolean {
  return status === 429 || (isRepeatable && status >= 500);
}

function unanswered(base: string, cause: Error, signal: AbortSignal | undefined): StudyError {
  const why = signal?.aborted
    ? 'there was no more time for it'
    : cause.cause instanceof Error
      ? cause.cause.message
      : cause.message;
  return new StudyError(`The MLflow server ${base} does not answer: ${why}.`, {
    hint: 'What was sent until now is remembered; run this again once it does.',
    cause,
  });
}

function refused(base: string, { path }: MlflowRequest, status: number, text: string): StudyError {
  const { data } = z.object({ message: z.string() }).safeParse(jsonOf(text));
  const why = plainText(data?.message ?? text)
    .replace(/\s+/g, ' ')
    .slice(0, 500)
    .trim();
  const hint =
    status === 401 || status === 403
      ? 'Set MLFLOW_TRACKING_USERNAME and MLFLOW_TRACKING_PASSWORD, or MLFLOW_TRACKING_TOKEN.'
      : 'What was sent until now is remembered; run this again once it is mended.';
  return new StudyError(
    `The MLflow server ${base} refused ${path} with status ${status}: ${why || 'without a word'}.`,
    {
      hint,
    },
  );
}

function readAnswer<Answer>(base: string, { path }: MlflowRequest, text: string, schema: z.ZodType<Answer>): Answer {
  const read = schema.safeParse(jsonOf(text));
  if (read.success) return read.data;
  throw new StudyError(`${base} answered ${path} with something else than MLflow does.`, {
    hint: 'Is it the address of an MLflow tracking server?',
    cause: read.error,
  });
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text === '' ? '{}' : text);
  } catch {
    return undefined;
  }
}
