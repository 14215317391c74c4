/** The caches of OpenAI, Anthropic and OpenRouter's Claude by their documented rules, over a whole study in memory. */
import { resolve } from 'node:path';
import { expect, test } from 'vitest';
import { cachedStudy } from '../../bench/cache/cached-study.ts';
import { studies } from '../../bench/cache.ts';

test.each(studies.map((study) => [study.provider, study] as const))(
  '%s reads at least 85 %% of a study’s input from the cache',
  async (_, study) => {
    const { cached, written, uncached } = await cachedStudy(resolve('.'), study, 24);
    expect(cached / (cached + written + uncached)).toBeGreaterThan(0.85);
  },
  300_000,
);
