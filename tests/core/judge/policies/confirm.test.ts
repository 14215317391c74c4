import { expect, it } from 'vitest';
import { confirm } from '../../../../src/core/judge/policies/confirm.ts';
import { questionOf } from './question.ts';

it.each([
  [[0.1], true, 'rerun', 'better by 0.1000: a fresh seed must agree'],
  [[-0.1], true, 'revert', 'worse by 0.1000'],
  [[0], true, 'revert', 'no better than the incumbent'],
  [[0.1, 0.3], true, 'keep', 'better by 0.2000, in each of 2 runs'],
  [[0.1, -0.02], true, 'revert', 'a fresh seed was worse by 0.0200'],
  [[0.1, 0], true, 'revert', 'a fresh seed was no better'],
  [[0.1], false, 'keep', 'better by 0.1000'],
] as const)('runs better by %j (another can be had: %j) say %s: %s', (gains, mayRunAgain, decision, reason) => {
  expect(confirm(questionOf(gains, mayRunAgain))).toMatchObject({ decision, reason });
});
