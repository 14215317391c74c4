/**
 * On what agents print at a limit or with a refused key: claude 2.1 (anthropics/claude-code issues 73873, 86272), codex
 * (openai/codex issues 3899, 26668, 28208), gemini (google-gemini/gemini-cli issues 22643, 15416), pi (earendil-works/pi
 * issue 4172), aider (aider/exceptions.py of 0.86).
 */
import { describe, expect, it } from 'vitest';
import { agentAbsence } from '../../../../src/adapters/researchers/command/agent-absence.ts';
import { secondsToReset } from '../../../../src/adapters/researchers/command/reset-time.ts';

const now = new Date('2026-11-29T22:00:00Z');
const hours = (count: number) => count * 3600;

describe('when a limit ends', () => {
  it.each([
    ["You've hit your session limit · resets 3am (Europe/Berlin)", hours(4)],
    ["You've hit your session limit · resets 12:50am (America/Los_Angeles)", hours(10) + 3000],
    ["You've hit your session limit · resets 5:30pm (Asia/Kolkata)", hours(14)],
    ["You've hit your weekly limit · resets Dec 3, 9pm (UTC)", hours(4 * 24 - 1)],
    ["You've hit your weekly limit · resets Mon 9am (Europe/Berlin)", hours(10)],
    ['5-hour limit reached ∙ resets 14:30', hours(16.5)],
    ['Claude AI usage limit reached|1796083200', (1_796_083_200_000 - now.getTime()) / 1000],
    ['{"status":"rejected","resetsAt":1795996800}', (1_795_996_800_000 - now.getTime()) / 1000],
    ['try again in 2 hours 5 minutes.', hours(2) + 300],
    ['Upgrade to Pro (https://openai.com) or try again in 2 days 17 hours 14 minutes.', hours(65) + 840],
    ['try again in 1 day, 3 hours and 7 minutes', hours(27) + 420],
    ['purchase more credits or try again at 11:28 PM.', 5280],
    ['or try again at Dec 5th, 2026 8:19 PM.', hours(6 * 24 - 2) + 19 * 60],
    ['{"type":"usage_limit_reached","plan_type":"plus","resets_in_seconds":13872}', 13_872],
    [
      '{"type":"usage_limit_reached","resets_at":1795996800,"resets_in_seconds":7200}',
      1_795_996_800 - now.getTime() / 1000,
    ],
    ['Your quota will reset after 2h52m39s.', hours(2) + 52 * 60 + 39],
    ['Access resets at 10:57 PM GMT-3.', hours(3) + 57 * 60],
    ['Please retry in 36.78s.', 36.78],
    ['"retryDelay": "41s"', 41],
    ['resets at 2026-11-30T03:00:00Z', hours(5)],
  ])('%s', (words, seconds) => {
    expect(secondsToReset(words, now, 'UTC')).toBeCloseTo(seconds, 3);
  });

  it('a time of day is the next one, also across a change to summer time', () => {
    const night = new Date('2026-03-28T23:30:00Z');
    expect(secondsToReset('resets 3am (Europe/Berlin)', night)).toBe(1.5 * 3600);
    expect(secondsToReset('resets 1am (Europe/Berlin)', new Date('2026-11-29T00:00:00Z'))).toBe(hours(24));
  });

  it.each(['It resets the optimizer 3 times', 'try again', 'the limit is 30', 'resets weights', ''])(
    '%j says nothing of it',
    (words) => {
      expect(secondsToReset(words, now, 'UTC')).toBeUndefined();
    },
  );
});

const claudeEnd = (result: string) =>
  `{"type":"system","subtype":"init"}\n${JSON.stringify({ type: 'result', subtype: 'success', is_error: true, result })}\n`;

describe('an agent that cannot be asked', () => {
  it.each([
    ['claude', claudeEnd("You've hit your session limit · resets 3am (Europe/Berlin)"), 'rate-limited', hours(4)],
    [
      'claude, in plain text',
      "You've hit your session limit · resets 3:50pm (UTC)\n",
      'rate-limited',
      hours(17) + 3000,
    ],
    [
      'claude, with an event of its limit',
      `{"type":"rate_limit_event","rate_limit_info":{"status":"rejected","resetsAt":1795996800}}\n${claudeEnd("You've hit your limit")}`,
      'rate-limited',
      1_795_996_800 - now.getTime() / 1000,
    ],
    ['copilot', 'You have exceeded your premium request allowance.\n', 'rate-limited', undefined],
    ['qwen', 'You have reached your daily request quota. Try again in 3 hours.\n', 'rate-limited', hours(3)],
    ['cursor', "You've used up your included usage. Upgrade or wait until 12/1/2026.\n", 'rate-limited', undefined],
    ['an agent of a plan', 'Monthly limit reached. It resets on Dec 1 at 9:00 AM.\n', 'rate-limited', hours(35)],
    ['an agent of a plan', 'There are no premium requests left this month.\n', 'rate-limited', undefined],
    ['claude', claudeEnd('Credit balance is too low'), 'quota-exhausted', undefined],
    ['claude', claudeEnd('Invalid API key · Fix external API key'), 'unauthorized', undefined],
    ['claude', claudeEnd('Not logged in · Please run /login'), 'unauthorized', undefined],
    [
      'claude',
      claudeEnd('API Error: 529 {"type":"error","error":{"type":"overloaded_error"}}'),
      'overloaded',
      undefined,
    ],
    ['claude', claudeEnd('API Error: Connection error.'), 'connection', undefined],
    [
      'codex',
      '{"type":"error","message":"You\'ve hit your usage limit. Visit https://chatgpt.com or try again at 11:28 PM."}\n{"type":"turn.failed","error":{"message":"You\'ve hit your usage limit. Visit https://chatgpt.com or try again at 11:28 PM."}}\n',
      'rate-limited',
      5280,
    ],
    [
      'codex',
      '{"type":"turn.failed","error":{"message":"unexpected status 401 Unauthorized: Incorrect API key provided"}}\n',
      'unauthorized',
      undefined,
    ],
    [
      'codex',
      '{"type":"turn.failed","error":{"message":"exceeded retry limit, last status: 429 Too Many Requests"}}\n',
      'rate-limited',
      undefined,
    ],
    [
      'gemini',
      'Loaded cached credentials.\n{\n  "error": {\n    "type": "Error",\n    "message": "You have exhausted your capacity on this model. Your quota will reset after 2h52m39s.",\n    "code": 1\n  }\n}\n',
      'rate-limited',
      hours(2) + 52 * 60 + 39,
    ],
    [
      'gemini',
      'Usage limit reached for gemini-3-flash. Access resets at 10:57 PM GMT-3.\n',
      'rate-limited',
      hours(3) + 57 * 60,
    ],
    [
      'gemini',
      '{\n  "error": {\n    "message": "API key not valid. Please pass a valid API key.",\n    "code": 400\n  }\n}\n',
      'unauthorized',
      undefined,
    ],
    [
      'opencode',
      '{"type":"error","error":{"name":"APIError","data":{"message":"Incorrect API key provided","statusCode":401,"isRetryable":false}}}\n',
      'unauthorized',
      undefined,
    ],
    [
      'opencode',
      '{"type":"error","error":{"name":"UnknownError","data":{"statusCode":529}}}\n',
      'overloaded',
      undefined,
    ],
    [
      'aider',
      'litellm.AuthenticationError: AnthropicException\nThe API provider is not able to authenticate you. Check your API key.\n',
      'unauthorized',
      undefined,
    ],
    [
      'aider',
      'litellm.RateLimitError: RateLimitError\nThe API provider has rate limited you. Try again later or check your quotas.\n',
      'rate-limited',
      undefined,
    ],
    [
      'pi',
      'Error: Codex error: {"type":"error","error":{"type":"usage_limit_reached","message":"The usage limit has been reached","resets_in_seconds":13872},"status_code":429}\n',
      'rate-limited',
      13_872,
    ],
    [
      'pi',
      '{"type":"message_end","message":{"role":"assistant","stopReason":"error","errorMessage":"401 Incorrect API key provided"}}\n',
      'unauthorized',
      undefined,
    ],
    [
      'mini-swe-agent',
      'Traceback (most recent call last):\nlitellm.exceptions.InternalServerError: AnthropicException - Overloaded\n',
      'overloaded',
      undefined,
    ],
  ])('%s: %s', (_, output, code, seconds) => {
    const absence = agentAbsence(output, now, 'UTC');
    expect(absence).toMatchObject({ kind: 'fault', code });
    expect(absence?.retryAfterSeconds).toEqual(seconds === undefined ? undefined : expect.closeTo(seconds, 3));
    expect(absence?.message).not.toBe('');
  });

  it('its message is one short line of its own words', () => {
    expect(agentAbsence(claudeEnd("You've hit your session limit · resets 3am (UTC)"), now)?.message).toBe(
      "You've hit your session limit · resets 3am (UTC)",
    );
  });

  it.each([
    '',
    'Traceback (most recent call last):\nValueError: boom\n',
    claudeEnd('Reached maximum number of turns (30)'),
    '{"type":"assistant","message":{"content":[{"type":"text","text":"The session limit reached 401 errors; overloaded."}]}}\n',
    '{"type":"rate_limit_event","rate_limit_info":{"status":"allowed","resetsAt":1795996800}}\n',
    'I raised the request budget of the loader; there is no usage of the cache left to trim.\n',
    'I used all of your data for requests of the loader.\n',
    'I lowered the learning rate and limited the steps to 429.\n',
    'Killed\n',
  ])('%j is no absence', (output) => {
    expect(agentAbsence(output, now, 'UTC')).toBeUndefined();
  });
});
