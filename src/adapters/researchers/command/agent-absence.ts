/**
 * Whether a coding agent could not be asked: it is at its limit, its key was refused, or its provider is out of order.
 *
 * To be asked only of an agent that failed or changed nothing. Read are what it printed as an error, and its last plain
 * lines: an agent that talks of limits in its answers is not away.
 */
import { z } from 'zod';
import { parseJson } from '../../../core/base/parse-json.ts';
import { lastLines, plainText } from '../../../core/base/plain-text.ts';
import type { FaultAction, FaultCode, ModelFault } from '../../../ports/model.ts';
import { oneLine } from '../../models/faults.ts';
import { secondsToReset } from './reset-time.ts';
import { lastObject } from './usage-formats.ts';

/** Why the agent is away, with the time of its reset where it names one; undefined when it failed of something else. */
export function agentAbsence(output: string, now: Date, zone?: string): ModelFault | undefined {
  const said = plainText(output.slice(-searchedCharacters)).split('\n');
  const errors = [
    ...said.flatMap((line) => errorsIn(line)),
    ...errorsIn(JSON.stringify(lastObject(said.join('\n'))) ?? ''),
  ];
  const plain = lastLines(said.filter((line) => !isObject(line)).join('\n'), plainLines).split('\n');
  for (const words of [...errors.reverse(), ...plain.reverse()]) {
    const row = rows.find((candidate) => candidate.words.test(words));
    if (row === undefined) continue;
    // A rejected limit is an event of its own in claude's stream, and gemini's object goes over many lines.
    const seconds = secondsToReset(words, now, zone) ?? secondsToReset([...errors, ...plain].join('\n'), now, zone);
    const { action, code } = row;
    const retry = seconds === undefined ? {} : { retryAfterSeconds: seconds };
    return { kind: 'fault', action, code, message: oneLine(words), ...retry };
  }
  return undefined;
}

const searchedCharacters = 65_536;
const plainLines = 20;

interface AbsenceRow {
  readonly words: RegExp;
  readonly action: FaultAction;
  readonly code: FaultCode;
}

/**
 * The first row that fits decides. Words of claude 2.1, codex 0.169, gemini 0.61, opencode 1.18, aider 0.86 with
 * litellm, pi 0.73 and mini-swe-agent 2, from their sources and issue trackers.
 */
const rows: readonly AbsenceRow[] = [
  {
    words:
      /hit your (\w+ )?limit|(usage|session|weekly|daily|monthly|hourly|5-hour|opus|sonnet|request|message) limit (has been )?(reached|exceeded)|usage_limit_reached|(reached|exceeded) your (\w+ ){0,2}(limit|quota|allowance)|used all (of )?your (\w+ )?(usage|quota|requests|allowance)\b|used up your .{0,30}\b(usage|quota|requests|allowance)\b|no .{0,20}\b(requests|usage|quota) (left|remaining)|limit reached\|\d/i,
    action: 'pause',
    code: 'rate-limited',
  },
  {
    words: /(quota|access|limit)s? (will )?resets? (after|at|in)|exhausted your (capacity|daily quota)|daily quota/i,
    action: 'pause',
    code: 'rate-limited',
  },
  {
    words:
      /credit balance|insufficient (credits|balance|funds|quota)|insufficient_quota|exceeded your current quota|out of credits|quota exceeded|check your plan and billing|payment required|\bbilling_error\b/i,
    action: 'pause',
    code: 'quota-exhausted',
  },
  { words: /spend(ing)? limit|API usage limits/i, action: 'pause', code: 'spend-limit' },
  {
    words:
      /invalid[ _](x-)?api[ _-]key|incorrect api key|api key not valid|api key not found|(no|missing) api key|not logged in|please run \/login|login required|oauth token|token (has )?expired|unauthori[sz]ed|authentication_?error|not able to authenticate|authentication failed|failed to authenticate|permission_error|auth(entication)? method|\b(401|403)\b(?=.*(error|status|forbidden|key|auth))|(error|status)\b.{0,20}\b(401|403)\b/i,
    action: 'pause',
    code: 'unauthorized',
  },
  {
    words: /model_not_found|not_found_error|ModelNotFound|model .{1,80} (does not exist|not found)/i,
    action: 'pause',
    code: 'not-found',
  },
  {
    words: /rate.?limit|too many requests|resource_?exhausted|(error|status|code)\W{0,4}429\b|\b429\b.*(error|status)/i,
    action: 'wait',
    code: 'rate-limited',
  },
  {
    words:
      /overloaded|high demand|no capacity|servers are down|(error|status|code)\W{0,4}(503|529)\b|service.?unavailable/i,
    action: 'wait',
    code: 'overloaded',
  },
  { words: /(error|status|code)\W{0,4}5\d\d\b|internal ?server ?error/i, action: 'wait', code: 'server-error' },
  {
    words:
      /connection error|unable to connect|fetch failed|ECONNREFUSED|ECONNRESET|ENOTFOUND|EAI_AGAIN|APIConnectionError|stream disconnected|network error|error sending request/i,
    action: 'wait',
    code: 'connection',
  },
  {
    words: /request timed out|ETIMEDOUT|timed out without returning|APITimeoutError/i,
    action: 'wait',
    code: 'timed-out',
  },
];

function isObject(line: string): boolean {
  return line.startsWith('{') && parseJson(line) !== undefined;
}

const text = z.string().catch('');
const errorField = z.union([z.string(), z.looseObject({})]);

/** claude's last line, and its event of a rejected limit. */
const claudeEnd = z.looseObject({ type: z.literal('result'), is_error: z.literal(true), result: text });
const claudeLimit = z.looseObject({
  type: z.literal('rate_limit_event'),
  rate_limit_info: z.looseObject({ status: z.literal('rejected') }),
});
/** codex: `error` and `turn.failed`; opencode and gemini: `error`, an object of any depth. */
const errorEvent = z.looseObject({
  type: z
    .string()
    .regex(/error|failed/i)
    .optional(),
  error: errorField,
});
const messageEvent = z.looseObject({ type: z.literal('error'), message: z.string() });
/** pi's last message. */
const piEnd = z.looseObject({ message: z.looseObject({ stopReason: z.literal('error'), errorMessage: z.string() }) });

/** What a line of JSON says as an error, as a text to match; none for any other line. */
function errorsIn(line: string): readonly string[] {
  if (!line.startsWith('{')) return [];
  const raw = parseJson(line);
  const limit = claudeLimit.safeParse(raw).data?.rate_limit_info;
  const ended = claudeEnd.safeParse(raw).data?.result;
  const message = messageEvent.safeParse(raw).data?.message;
  const error = errorEvent.safeParse(raw).data?.error;
  const pi = piEnd.safeParse(raw).data?.message.errorMessage;
  return [
    ended,
    message,
    pi,
    typeof error === 'object' ? wordsOf(error) : error,
    limit && JSON.stringify(limit),
  ].filter((words): words is string => words !== undefined && words !== '');
}

/** The message of an error object, with its other fields after it: a status is often the only thing that tells. */
function wordsOf(error: object): string {
  const found = /"message":("(?:[^"\\]|\\.)*")/.exec(JSON.stringify(error))?.[1];
  const message = found === undefined ? '' : z.string().catch('').parse(parseJson(found));
  return `${message} ${JSON.stringify(error)}`.trim();
}

/** The fault of an agent that could not even be started. */
export function notStarted(name: string): ModelFault {
  return { kind: 'fault', action: 'pause', code: 'not-found', message: `The agent ${name} could not be started.` };
}
