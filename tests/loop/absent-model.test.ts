/** A few nights of `absent-model.slow.test.ts`, which has all. */
import { describe, expect, test } from 'vitest';
import { type Company, playNight, servedAdapters } from '../helpers/absent-model-night.ts';
import { temporaryFolder } from '../helpers/temporary-repo.ts';

const night = { hours: 1, runSeconds: [240, 300] } as const;

describe.each(servedAdapters)('$adapter', (adapter) => {
  const company: Company = servedAdapters.indexOf(adapter) % 2 === 0 ? 'fallback' : 'auto';

  test(`in an outage the GPU goes on with ${company}, and the model proposes again afterwards`, async () => {
    const end = await playNight({
      ...night,
      adapter,
      company,
      folder: temporaryFolder(),
      provider: ({ at }) => (at > 1000 && at < 2500 ? { fault: 'overloaded' } : undefined),
    });
    expect(end.outcome, end.said).toBe('experiments');
    expect(end.idle).toBeLessThanOrEqual(0.05);
    expect(end.said).toContain('is back');
    expect(end.byModel).toBeGreaterThan(0);
    expect(end.violations).toEqual([]);
  });

  test('a refused key is said before the baseline', async () => {
    const provider = () => ({ fault: 'unauthorized' }) as const;
    const end = await playNight({ ...night, adapter, company: 'alone', folder: temporaryFolder(), provider });
    expect(end).toMatchObject({
      outcome: 'refused',
      said: expect.stringMatching(/cannot be asked: .*401.* Set [A-Z]+_API_KEY/),
    });
  });
});

test('alone, a study waits for its model and goes on', async () => {
  const [adapter] = servedAdapters;
  if (adapter === undefined) throw new Error('no adapter');
  const end = await playNight({
    ...night,
    adapter,
    company: 'alone',
    folder: temporaryFolder(),
    provider: ({ at }) => (at > 1000 && at < 2500 ? { fault: 'unavailable' } : undefined),
  });
  expect(end).toMatchObject({ outcome: 'experiments', byModel: end.experiments });
  expect(end.experiments).toBeGreaterThan(2);
});
