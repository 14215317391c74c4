import { expect, test } from 'vitest';
import { ceilingFlags, smallestCeilings } from '../../../src/cli/mcp/start-limits.ts';

test('of each rule the smallest holds, whoever gave it', () => {
  const found = smallestCeilings({ experiments: 400, usd: 1 }, { usd: 5, hours: 2 }, { experiments: 40, tokens: 1e6 });
  expect(found).toEqual({ experiments: 40, usd: 1, hours: 2, tokens: 1e6 });
  expect(ceilingFlags(found)).toEqual(['--max-experiments=40', '--max-hours=2', '--max-usd=1', '--max-tokens=1000000']);
});

test('a start without any is refused', () => {
  expect(() => smallestCeilings({}, { usd: undefined }, {})).toThrow('with a ceiling only');
});
