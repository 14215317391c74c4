import { describe, expect, it } from 'vitest';
import { createStudyWalk } from '../../../../../src/core/judge/policies/value/walk-history.ts';
import { beginStudy, type Study } from '../study.ts';

/** A noisy script: one run's sd is a tenth of the score, and most changes make it far worse, as wide draws do. */
function noisyStudy(seed: string): Study {
  const study = beginStudy({ seed, sigma: 0.2 });
  for (const effect of [0.5, 1.2, 0.1, 0.8, 2, 0.3, 0, 1.5, 0.6, 0.05, 0.9, 0.4]) study.experiment(effect);
  return study;
}

const seeds = Array.from({ length: 12 }, (_, index) => `noisy ${index}`);
const sixth = -0.33;

describe("where one run's noise is as large as a gain", () => {
  it('a gain of a sixth of the score that a model of the trials expects is kept more often than not', () => {
    const expects = { gain: 0.3, standardError: 0.12 };
    const kept = (known: object) =>
      seeds.filter((seed) => noisyStudy(seed).experiment(sixth, undefined, known).kept !== undefined).length;
    expect(kept({ expects })).toBeGreaterThan(seeds.length / 2);
    expect(kept({ expects })).toBeGreaterThan(kept({}) + 3);
  });

  it('an expectation alone keeps nothing that turns out to be worse', () => {
    const expects = { gain: 0.3, standardError: 0.3 };
    for (const seed of seeds) expect(noisyStudy(seed).experiment(0.4, undefined, { expects }).kept).toBeUndefined();
  });

  it('expectations that never come true lose their say', () => {
    const study = noisyStudy('liar');
    const expects = { gain: 0.5, standardError: 0.05 };
    for (let count = 0; count < 15; count++) study.experiment(1, undefined, { expects });
    expect(createStudyWalk().over(study.history())?.belief().trust).toBeLessThan(0.2);
  });

  it('a second look at a reverted candidate counts its first run too', () => {
    const more = Array.from({ length: 36 }, (_, index) => `noisy ${index}`);
    const gains = more.flatMap((seed) => {
      const [once, twice] = [noisyStudy(seed), noisyStudy(seed)];
      const { experiment, verdict } = once.experiment(sixth);
      twice.experiment(sixth);
      if (verdict?.decision !== 'revert' || (verdict.statistics?.mean ?? 2) > 2 + sixth) return [];
      const estimate = (study: Study, known: object) =>
        study.experiment(sixth, 'again', known).verdict?.statistics?.gain ?? 0;
      return [estimate(once, { repeats: experiment }) - estimate(twice, {})];
    });
    expect(gains.length).toBeGreaterThan(1);
    for (const more of gains) expect(more).toBeGreaterThan(0);
  });
});
