import { expect, it } from 'vitest';
import { isHopeless } from '../../../../src/adapters/researchers/command/give-up.ts';

const patience = { lasting: 20, passing: 60 };
const limit = 'level=ERROR error.error="AI_APICallError: The usage limit has been reached"';
const busy = 'Retrying in 4 seconds as it raised RateLimitError: Rate limit reached';
const work = '{"type":"step_start","part":{}}';

it.each([
  ['a limit that lasts, after its patience', [work, limit], 20, true],
  ['the same sooner', [work, limit], 19.5, false],
  ['a busy provider, after its own', [work, busy], 60, true],
  ['the same sooner', [work, busy], 59, false],
  ['work that went on after the words', [limit, work], 600, false],
  ['an error event is no work', ['{"type":"error","error":{"message":"The usage limit has been reached"}}'], 30, true],
  ['words of something else', [work, 'Thinking about limits of the step size'], 600, false],
  ['nothing at all', [], 600, false],
])('%s', (_, lines, seconds, expected) => {
  expect(isHopeless(lines.join('\n'), seconds, patience)).toBe(expected);
});
