import { expect, test } from 'vitest';
import { playNight, scenarios } from '../../helpers/ceiling-scenarios.ts';

test('there are sixty nights', () => {
  expect(scenarios).toHaveLength(60);
});

test.each(scenarios)('a ceiling holds for $adapter.adapter: $title', playNight);
