/**
 * The one table that says what to do about each failure of a provider or the network.
 *
 * The first row that fits decides, so specific rows stand above general ones: a 429 for an empty account is not a 429
 * for too many requests. A row fits when everything that it names fits. Faults of replies that arrived whole but cannot
 * be used (cut off, refused, empty) are in `classify-reply.ts`.
 */
import { plainText } from '../../core/base/plain-text.ts';
import type { FaultAction, FaultCode, ModelFault } from '../../ports/model.ts';
import type { Failure } from './failure.ts';
import { noToolsWords } from './no-tools.ts';

/** What a call answers whose signal ended it. */
export const aborted: ModelFault = {
  kind: 'fault',
  action: 'wait',
  code: 'aborted',
  message: 'The call was ended early.',
};

export interface FaultRow {
  readonly status?: (status: number) => boolean;
  readonly codes?: RegExp;
  readonly words?: RegExp;
  readonly action: FaultAction;
  readonly code: FaultCode;
}

const oneOf =
  (...statuses: readonly number[]) =>
  (status: number) =>
    statuses.includes(status);
const between = (low: number, high: number) => (status: number) => status >= low && status <= high;

const isRedirect = between(300, 399);

export const faultRows: readonly FaultRow[] = [
  // Only the owner or a new month ends these.
  { codes: /spend_limit_reached/, action: 'pause', code: 'spend-limit' },
  {
    status: oneOf(400, 402, 403, 429),
    words: /(spend(ing)?|API usage) limits?\b/i,
    action: 'pause',
    code: 'spend-limit',
  },
  {
    codes: /insufficient_quota|insufficient_balance|credit_balance|billing|InsufficientQuota|QuotaExhausted/,
    action: 'pause',
    code: 'quota-exhausted',
  },
  {
    status: oneOf(400, 402, 403, 429),
    words: /credit balance|out of credits|insufficient (credits|balance|funds|quota)|exceeded your current quota/i,
    action: 'pause',
    code: 'quota-exhausted',
  },
  { status: oneOf(402), action: 'pause', code: 'quota-exhausted' },

  // The same request cannot succeed, another one can.
  {
    codes: /context_length_exceeded|context_window_exceeded|request_too_large|request_body_too_large/,
    action: 'repair',
    code: 'context-overflow',
  },
  { status: oneOf(413), action: 'repair', code: 'context-overflow' },
  {
    words:
      /maximum context length|context[ _](window|length|size)|prompt is too long|input is too long|too many (input )?tokens in|request too large|input tokens exceed/i,
    action: 'repair',
    code: 'context-overflow',
  },
  {
    codes: /content_policy|content_filter|invalid_prompt|bio_policy|safety/i,
    action: 'repair',
    code: 'refused',
  },
  { codes: /tool_use_failed|tool_call_parse/, action: 'repair', code: 'bad-arguments' },
  {
    status: oneOf(400, 422, 500),
    words:
      /(pars|invalid).{0,40}(tool call|function call|tool_call|function arguments)|tool call.{0,40}(pars|invalid json)/i,
    action: 'repair',
    code: 'bad-arguments',
  },

  // The owner must mend these.
  { status: oneOf(400, 404, 422, 500, 501), words: noToolsWords, action: 'pause', code: 'no-tools' },
  { status: oneOf(401, 403, 407), action: 'pause', code: 'unauthorized' },
  { codes: /^(authentication_error|permission_error|invalid_api_key)$/, action: 'pause', code: 'unauthorized' },
  { codes: /^(model_not_found|not_found_error)$/, action: 'pause', code: 'not-found' },
  { status: oneOf(404, 410), action: 'pause', code: 'not-found' },
  // LM Studio answers these with the status 200.
  {
    words: /unexpected endpoint or method|no models? loaded|model\b.{0,80}\bnot (loaded|found)/i,
    action: 'pause',
    code: 'not-found',
  },

  // These pass with time.
  { status: oneOf(429), action: 'wait', code: 'rate-limited' },
  { codes: /rate_limit/, action: 'wait', code: 'rate-limited' },
  { status: oneOf(503, 529), action: 'wait', code: 'overloaded' },
  { codes: /^overloaded_error$/, action: 'wait', code: 'overloaded' },
  { status: oneOf(408, 504), action: 'wait', code: 'timed-out' },
  { status: oneOf(409, 425, 499), action: 'wait', code: 'server-error' },
  { status: between(500, 599), action: 'wait', code: 'server-error' },
  { codes: /^(server_error|api_error)$/, action: 'wait', code: 'server-error' },
  { codes: /^timeout_error$|_TIMEOUT$|^ETIMEDOUT$/, action: 'wait', code: 'timed-out' },
  { status: isRedirect, action: 'wait', code: 'invalid-body' },
  { status: between(400, 499), action: 'pause', code: 'bad-request' },
  { codes: /^invalid_request_error$/, action: 'pause', code: 'bad-request' },
  { words: /timed? ?out/i, action: 'wait', code: 'timed-out' },
  { codes: /^(E[A-Z]{4,}|UND_ERR_|CERT_|SELF_SIGNED|DEPTH_ZERO|UNABLE_TO)/, action: 'wait', code: 'connection' },
  { words: /^(terminated|fetch failed|Connection error\.?|other side closed)$/i, action: 'wait', code: 'connection' },
];

/** The fault for a failure. Where no row fits, the answer could not be understood, and the next one may be. */
export function classifyFailure(failure: Failure): ModelFault {
  const row = faultRows.find((candidate) => fits(candidate, failure));
  const { action, code } = row ?? { action: 'wait', code: 'invalid-body' };
  return {
    kind: 'fault',
    action,
    code,
    message: describe(failure, row === undefined),
    ...(failure.retryAfterSeconds !== undefined && { retryAfterSeconds: failure.retryAfterSeconds }),
  };
}

function fits({ status, codes, words }: FaultRow, failure: Failure): boolean {
  return (
    (status === undefined || (failure.status !== undefined && status(failure.status))) &&
    (codes === undefined || failure.codes.some((code) => codes.test(code))) &&
    (words === undefined || failure.words.some((said) => words.test(said)))
  );
}

function describe({ status, codes, message }: Failure, isUnknown: boolean): string {
  if (status !== undefined && isRedirect(status)) {
    return `The provider answered ${status}, a redirect, which is not followed; check base_url.`;
  }
  const named = codes.length === 0 ? '' : ` (${codes.join(', ')})`;
  const detail = oneLine(message).replace(new RegExp(`^(${status} )+`), '');
  return [`${headline(status, isUnknown)}${named}`, detail].filter((part) => part !== '').join(': ');
}

function headline(status: number | undefined, isUnknown: boolean): string {
  if (status !== undefined) return `The provider answered ${status}`;
  return isUnknown ? 'The answer could not be understood' : 'The call failed';
}

const maxDetailCharacters = 300;

/** A provider's text made fit for the journal and a terminal: one short line without markup and control characters. */
export function oneLine(words: string): string {
  const line = plainText(words.slice(0, 4000).replace(/<(style|script)\b[\s\S]*?<\/\1>|<[^>]*>/gi, ' '))
    .replace(/\s+/g, ' ')
    .trim();
  return line.length <= maxDetailCharacters ? line : `${line.slice(0, maxDetailCharacters)}…`;
}
