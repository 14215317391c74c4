import { expect, it } from 'vitest';
import { armResearchers } from '../../../../src/core/journal/arm.ts';
import { readShares } from '../../../../src/core/journal/settings/read-shares.ts';

it.each([
  [
    { llm: '50%', bayes: '30%', random: '20%' },
    { llm: 0.5, bayes: 0.3, random: 0.2 },
  ],
  [
    { 'llm-code': '12.5 %', grid: 0 },
    { 'llm-code': 0.125, grid: 0 },
  ],
  [{ llm: 0 }, { llm: 0 }],
  [{ random: '100%' }, { random: 1 }],
  [
    { 'bayes-gp': '33.3%', 'bayes-tpe': '33.3%', random: '33.4%' },
    { 'bayes-gp': 0.333, 'bayes-tpe': 0.333, random: 0.334 },
  ],
  [{}, {}],
])('%j is read', (raw, shares) => {
  expect(readShares(raw)).toEqual({ kind: 'read', value: shares });
});

it.each([
  ['half', { expected: expect.stringContaining('shares by researcher, such as') }],
  [['llm'], { expected: expect.stringContaining('shares by researcher, such as') }],
  [{ lm: '50%' }, { found: 'lm', hint: 'Did you mean `llm`?' }],
  [
    { auto: '50%' },
    {
      found: 'auto',
      expected: expect.stringContaining(`shares of ${armResearchers.join(', ')}, llm-knobs`),
    },
  ],
  [{ llm: 50 }, { found: '50', expected: '0 or a percentage such as 30% for `llm`' }],
  [{ llm: 0.5 }, { found: '0.5' }],
  [{ llm: '-5%' }, { found: '-5%' }],
  [{ llm: '101%' }, { found: '101%' }],
  [{ llm: '' }, { found: '' }],
  [
    { llm: '60%', random: '60%' },
    { found: '120 %', expected: '100 % at most together' },
  ],
  [
    { llm: '50%', 'llm-code': '10%' },
    { found: 'llm-code', expected: 'a share of either `llm` or one of its kinds of edit' },
  ],
  [
    Object.fromEntries(armResearchers.map((name) => [name, 0])),
    { expected: 'more than 0 for at least one researcher' },
  ],
])('%j is refused', (raw, refusal) => {
  expect(readShares(raw)).toMatchObject({ kind: 'refused', ...refusal });
});
