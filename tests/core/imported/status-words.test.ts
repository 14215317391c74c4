import { expect, test } from 'vitest';
import { readStatus } from '../../../src/core/imported/status-words.ts';

test.each([
  ['keep', 'keep'],
  ['KEEP ✅', 'keep'],
  ['**kept**', 'keep'],
  ['true', 'keep'],
  ['1', 'keep'],
  ['new_best', 'keep'],
  ['confirmed-keep', 'keep'],
  ['keep (simplification)', 'keep'],
  ['保留✔', 'keep'],
  ['Baseline', 'baseline'],
  ['基线（新评分体系）', 'baseline'],
  ['discard', 'discard'],
  ['Reverted.', 'discard'],
  ['discard: within noise', 'discard'],
  ['revert-needed', 'discard'],
  ['no_improvement', 'discard'],
  ['false', 'discard'],
  ['回滚', 'discard'],
  ['crash', 'crash'],
  ['FAILED', 'crash'],
  ['OOM', 'crash'],
  ['timed out', 'crash'],
  ['failed_structural', 'crash'],
  ['killed - too slow', 'crash'],
  ['ok', 'measured'],
  ['FINISHED', 'measured'],
  ['running', 'unfinished'],
] as const)('%s is read as %s', (word, reading) => {
  expect(readStatus(word)).toBe(reading);
});

test.each(['stale_auxk_fix', 'not kept', 'keep or discard', '5img/sec', '', '---', 'k'.repeat(100_000)])(
  '%s is not known',
  (word) => {
    expect(readStatus(word)).toBeUndefined();
  },
);
