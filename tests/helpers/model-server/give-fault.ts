/**
 * Every way in which a provider, a gateway or the network is known to fail, by name.
 */
import type { ServerResponse } from 'node:http';
import { replyBody, replyEvents, type Wire } from './render-reply.ts';

export interface FaultContext {
  readonly wire: Wire;
  readonly response: ServerResponse;
  readonly isStreamed: boolean;
}

type Give = (context: FaultContext) => void;

interface Answer {
  readonly status: number;
  /** The provider's own words: OpenAI has `code`, Anthropic `type` and `details.error_code`. */
  readonly openAI?: { readonly type?: string; readonly code?: string | null; readonly message: string };
  readonly anthropic?: { readonly type: string; readonly message: string; readonly errorCode?: string };
  readonly headers?: Readonly<Record<string, string>>;
}

/** Google's own words for the statuses that agents meet here. */
const googleStatus: Readonly<Record<number, string>> = {
  400: 'INVALID_ARGUMENT',
  401: 'UNAUTHENTICATED',
  403: 'PERMISSION_DENIED',
  404: 'NOT_FOUND',
  429: 'RESOURCE_EXHAUSTED',
  500: 'INTERNAL',
  503: 'UNAVAILABLE',
};

function answer({ status, openAI, anthropic, headers = {} }: Answer): Give {
  return ({ wire, response }) => {
    const { errorCode, ...said } = anthropic ?? { type: 'api_error', message: openAI?.message ?? 'failed' };
    const details = errorCode === undefined ? {} : { details: { error_code: errorCode } };
    const body = {
      messages: { type: 'error', error: { ...said, ...details }, request_id: 'req_1' },
      gemini: {
        error: { code: status, message: openAI?.message ?? said.message, status: googleStatus[status] ?? 'UNKNOWN' },
      },
      openAI: {
        error: { type: 'invalid_request_error', param: null, code: null, ...(openAI ?? { message: said.message }) },
      },
    }[wire === 'messages' || wire === 'gemini' ? wire : 'openAI'];
    response.writeHead(status, { 'content-type': 'application/json', ...headers });
    response.end(JSON.stringify(body));
  };
}

const tooFast = (headers: Readonly<Record<string, string>> = {}): Give =>
  answer({
    status: 429,
    openAI: { type: 'tokens', code: 'rate_limit_exceeded', message: 'Rate limit reached for requests' },
    anthropic: { type: 'rate_limit_error', message: 'This request would exceed your rate limit' },
    headers,
  });

/**
 * A limit that ends in three hours. Anthropic's headers of a subscription (claude-code 2.1 reads them), the body of OpenAI's
 * backend for Codex (codex-rs/codex-api, `usage_limit_reached`), and Google's details of a daily quota (gemini-cli,
 * googleQuotaErrors.ts).
 */
const sessionLimit: Give = ({ wire, response }) => {
  const seconds = 3 * 3600;
  const resets = Math.floor(Date.now() / 1000) + seconds;
  const google = {
    code: 429,
    status: 'RESOURCE_EXHAUSTED',
    message: 'You exceeded your current quota, please check your plan and billing details.',
    details: [
      {
        '@type': 'type.googleapis.com/google.rpc.QuotaFailure',
        violations: [{ quotaId: 'GenerateRequestsPerDayPerProjectPerModel-FreeTier', quotaValue: '20' }],
      },
      { '@type': 'type.googleapis.com/google.rpc.RetryInfo', retryDelay: `${seconds}s` },
    ],
  };
  const openAI = {
    type: 'usage_limit_reached',
    message: 'The usage limit has been reached',
    plan_type: 'plus',
    resets_at: resets,
    resets_in_seconds: seconds,
  };
  const anthropic = { type: 'rate_limit_error', message: "This request would exceed your account's rate limit." };
  const body = {
    messages: { type: 'error', error: anthropic, request_id: 'req_1' },
    gemini: { error: google },
    openAI: { error: openAI },
  }[wire === 'messages' || wire === 'gemini' ? wire : 'openAI'];
  response.writeHead(429, {
    'content-type': 'application/json',
    'retry-after': String(seconds),
    'x-should-retry': 'false',
    ...(wire === 'messages' && {
      'anthropic-ratelimit-unified-status': 'rejected',
      'anthropic-ratelimit-unified-reset': String(resets),
      'anthropic-ratelimit-unified-representative-claim': 'five_hour',
      'anthropic-ratelimit-unified-5h-status': 'rejected',
      'anthropic-ratelimit-unified-5h-reset': String(resets),
    }),
  });
  response.end(JSON.stringify(body));
};

const broken = (status: number): Give =>
  answer({
    status,
    openAI: { type: 'server_error', code: null, message: 'The server had an error' },
    anthropic:
      status === 529
        ? { type: 'overloaded_error', message: 'Overloaded' }
        : { type: 'api_error', message: 'Internal server error' },
  });

/** A whole body, as it would come without a fault. */
function wholeBody({ wire, isStreamed }: FaultContext): { readonly type: string; readonly text: string } {
  const reply = { text: 'A whole answer, long enough to be cut in the middle of it.', calls: [] };
  const request = { model: 'served' };
  return isStreamed
    ? { type: 'text/event-stream', text: replyEvents(wire, reply, request).join('') }
    : { type: 'application/json', text: JSON.stringify(replyBody(wire, reply, request)) };
}

const html =
  '<!doctype html><html><head><style>p{}</style></head><body><p>Please log in to the network</p></body></html>';

const giving = {
  'session-limit': sessionLimit,
  'rate-limited': tooFast(),
  'rate-limited-3s': tooFast({ 'retry-after': '3' }),
  'rate-limited-1h': tooFast({ 'retry-after': '3600' }),
  'rate-limited-date': ({ response, ...rest }: FaultContext) =>
    tooFast({ 'retry-after': new Date(Date.now() + 60_000).toUTCString() })({ response, ...rest }),
  'rate-limited-0': tooFast({ 'retry-after': '0' }),
  'rate-limited-negative': tooFast({ 'retry-after': '-5' }),
  'rate-limited-huge': tooFast({ 'retry-after': '99999999999' }),
  'rate-limited-milliseconds': tooFast({ 'retry-after-ms': '1500' }),
  overloaded: broken(529),
  unavailable: broken(503),
  'server-error': broken(500),
  'bad-gateway': ({ response }: FaultContext) => {
    response.writeHead(502, { 'content-type': 'text/html' });
    response.end('<html><head><title>502 Bad Gateway</title></head><body><h1>502 Bad Gateway</h1>nginx</body></html>');
  },
  'gateway-timeout': broken(504),
  'request-timeout': broken(408),
  conflict: broken(409),
  quota: answer({
    status: 429,
    openAI: { type: 'insufficient_quota', code: 'insufficient_quota', message: 'You exceeded your current quota' },
    anthropic: { type: 'invalid_request_error', message: 'Your credit balance is too low to access the API.' },
    headers: { 'retry-after': '1' },
  }),
  'credit-balance': answer({
    status: 400,
    openAI: { code: 'credit_balance_exhausted', message: 'Your credits are used up' },
    anthropic: {
      type: 'invalid_request_error',
      message: 'Your credit balance is too low to access the Anthropic API.',
    },
  }),
  'payment-required': answer({
    status: 402,
    openAI: { message: 'Insufficient credits' },
    anthropic: { type: 'billing_error', message: 'There is a problem with your billing.' },
  }),
  'spend-limit': answer({
    status: 429,
    openAI: { code: 'spend_limit_reached', message: 'The spend limit of this project is reached' },
    anthropic: {
      type: 'rate_limit_error',
      message: 'You have reached your monthly limit',
      errorCode: 'enforced_spend_limit_reached',
    },
  }),
  'spend-limit-400': answer({
    status: 400,
    openAI: { message: 'You have reached your specified API usage limits.' },
    anthropic: { type: 'invalid_request_error', message: 'You have reached your specified API usage limits.' },
  }),
  unauthorized: answer({
    status: 401,
    openAI: { code: 'invalid_api_key', message: 'Incorrect API key provided: sk-canary-0123456789abcdef.' },
    anthropic: { type: 'authentication_error', message: 'invalid x-api-key sk-canary-0123456789abcdef' },
  }),
  forbidden: answer({
    status: 403,
    openAI: { message: 'Project does not have access' },
    anthropic: { type: 'permission_error', message: 'Your key has been revoked' },
  }),
  'not-found': answer({
    status: 404,
    openAI: { code: 'model_not_found', message: 'The model `x` does not exist' },
    anthropic: { type: 'not_found_error', message: 'model: x' },
  }),
  'bad-request': answer({
    status: 400,
    openAI: { message: 'Unknown parameter' },
    anthropic: { type: 'invalid_request_error', message: 'tools.0: unknown field' },
  }),
  unprocessable: answer({
    status: 422,
    openAI: { message: 'Unprocessable' },
    anthropic: { type: 'invalid_request_error', message: 'Unprocessable' },
  }),
  'too-large': answer({
    status: 413,
    openAI: { message: 'Payload too large' },
    anthropic: { type: 'request_too_large', message: 'Request exceeds the maximum size' },
  }),
  overflow: answer({
    status: 400,
    openAI: {
      code: 'context_length_exceeded',
      message: "This model's maximum context length is 8192 tokens, however you requested 9000",
    },
    anthropic: { type: 'invalid_request_error', message: 'prompt is too long: 210000 tokens > 200000 maximum' },
  }),
  'content-policy': answer({
    status: 400,
    openAI: { code: 'content_policy_violation', message: 'Your request was rejected by the safety system' },
    anthropic: { type: 'content_filter', message: 'Output blocked by content filtering policy' },
  }),
  'tool-use-failed': answer({
    status: 400,
    openAI: { code: 'tool_use_failed', message: 'Failed to call a function' },
    anthropic: { type: 'tool_use_failed', message: 'Failed to call a function' },
  }),
  reset: ({ response }) => void response.socket?.resetAndDestroy(),
  'cut-body': (context) => {
    const { type, text } = wholeBody(context);
    context.response.writeHead(200, { 'content-type': type, 'content-length': String(text.length) });
    context.response.write(text.slice(0, Math.floor(text.length / 2)), () => context.response.destroy());
  },
  'ended-early': (context) => {
    const { type, text } = wholeBody(context);
    context.response.writeHead(200, { 'content-type': type });
    context.response.end(text.slice(0, Math.floor(text.length / 2)));
  },
  'stalled-headers': () => undefined,
  'stalled-body': (context) => {
    const { type, text } = wholeBody(context);
    context.response.writeHead(200, { 'content-type': type });
    context.response.write(text.slice(0, 20));
  },
  'stalled-error-body': ({ response }) => {
    response.writeHead(500, { 'content-type': 'application/json' });
    response.write('{"error":');
  },
  'slow-drip': (context) => {
    const { type, text } = wholeBody(context);
    context.response.writeHead(200, { 'content-type': type });
    let sent = 0;
    const timer = setInterval(() => {
      context.response.write(text.slice(sent, sent + 1));
      sent += 1;
      if (sent >= text.length || context.response.destroyed) clearInterval(timer);
    }, 50);
    context.response.on('close', () => clearInterval(timer));
  },
  'invalid-json': ({ response, isStreamed }) => {
    response.writeHead(200, { 'content-type': isStreamed ? 'text/event-stream' : 'application/json' });
    response.end(isStreamed ? 'event: message_start\ndata: {"id": "x", \n\n' : '{"id": "x", "choices": [');
  },
  html: ({ response }) => {
    response.writeHead(200, { 'content-type': 'text/html; charset=utf-8' });
    response.end(html);
  },
  'html-as-json': ({ response }) => {
    response.writeHead(200, { 'content-type': 'application/json' });
    response.end(html);
  },
  'wrong-content-type': (context) => {
    context.response.writeHead(200, { 'content-type': 'text/plain' });
    context.response.end(wholeBody({ ...context, isStreamed: false }).text);
  },
  'empty-object': ({ response }) => {
    response.writeHead(200, { 'content-type': 'application/json' });
    response.end('{}');
  },
  'json-null': ({ response }) => {
    response.writeHead(200, { 'content-type': 'application/json' });
    response.end('null');
  },
  'empty-body': ({ response }) => {
    response.writeHead(200, { 'content-type': 'application/json', 'content-length': '0' });
    response.end();
  },
  'no-content': ({ response }) => {
    response.writeHead(204);
    response.end();
  },
  'redirect-loop': ({ response }) => {
    response.writeHead(307, { location: '/v1/elsewhere' });
    response.end();
  },
  'error-in-200': (context) => {
    const error = { type: 'overloaded_error', code: 529, message: 'Overloaded' };
    context.response.writeHead(200, { 'content-type': 'application/json' });
    context.response.end(JSON.stringify({ type: 'error', error }));
  },
  'error-in-stream': ({ response, wire }) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    const error = { type: 'overloaded_error', code: 'server_error', message: 'Overloaded' };
    const body =
      wire === 'responses' ? { ...error, type: 'error', sequence_number: 1, param: null } : { type: 'error', error };
    response.end(`event: error\ndata: ${JSON.stringify(body)}\n\n`);
  },
} satisfies Readonly<Record<string, Give>>;

export type FaultName = keyof typeof giving;

export function giveFault(name: FaultName, context: FaultContext): void {
  giving[name](context);
}
