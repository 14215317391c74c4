import { expect, it } from 'vitest';
import { failureText } from '../../../src/core/journal/failure-text.ts';

it.each([
  ['crashed', 'exit code 1', 'crash: exit code 1'],
  ['timed-out', 'ended at its time limit after 9.0 s', 'timeout: ended at its time limit after 9.0 s'],
  ['killed-early', 'its loss was no finite number', 'killed early: its loss was no finite number'],
  ['out-of-memory', 'out of memory', 'out of memory'],
  ['finished', 'the log ends without loss', 'the log ends without loss'],
  [undefined, 'it never ran', 'it never ran'],
] as const)('a run that %s because of "%s" failed: %s', (outcome, reason, text) => {
  expect(failureText(outcome, reason)).toBe(text);
});
