import { describe, expect, it } from 'vitest';
import { estimateToTell } from '../../../src/core/journal/estimate-to-tell.ts';

describe('the estimate beside a measured gain', () => {
  it.each([
    ['a gain of four errors that is real with 99 %', 0.04, 0.02, 0.035, 0.99, undefined],
    ['a gain of its own error that is real with 97 %', 0.02, 0.02, 0.018, 0.97, undefined],
    ['a gain within its error that is real with 99 %', 0.008, 0.029, 0.027, 0.99, 0.027],
    ['a gain of its own error that is real with 51 %', 0.018, 0.02, 0.004, 0.51, 0.004],
    ['a loss that the policy believes to be a gain', -0.006, 0.028, 0.015, 0.55, 0.015],
    ['a loss that the policy believes to be one', -0.006, 0.028, -0.015, 0.2, undefined],
    ['a gain that the policy believes to be none', 0.003, 0.028, -0.001, 0.2, undefined],
    ['a gain whose error is unknown', 0.003, null, 0.001, 0.6, undefined],
    ['a gain without noise', 0.003, 0, 0.003, 0.99, undefined],
    ['a gain of a policy without a probability', 0.003, 0.01, 0.003, null, undefined],
    ['a gain of a policy without an estimate', 0.003, 0.01, null, 0.5, undefined],
  ])('for %s', (_, gain, error, estimatedGain, probability, told) => {
    expect(estimateToTell({ gain, error, estimatedGain, probability })).toBe(told);
  });
});
