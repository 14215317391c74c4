import { describe, expect, test } from 'vitest';
import { chanceOfKeep, noExperiments, recordKeep } from '../../../../src/core/views/forecast/chance.ts';
import { forecastOf } from '../../../../src/core/views/forecast/forecast.ts';
import { heightOf, keepShares } from '../../../../src/core/views/forecast/gain-of-keep.ts';
import { shippedFit } from '../../../../src/core/views/forecast/shipped-fit.ts';
import type { StudyRecord } from '../../../../src/core/views/forecast/study-record.ts';

const fit = shippedFit;
const chanceAfter = (kept: readonly boolean[]) =>
  chanceOfKeep(
    kept.reduce((record, isKept) => recordKeep(record, isKept, fit.chance), noExperiments),
    fit.chance,
  );
const misses = (count: number) => Array.from({ length: count }, () => false);

/** A study that kept what `kept` says, each keep half as large as the one before. */
function study(kept: readonly boolean[], changes: Partial<StudyRecord> = {}): StudyRecord {
  let [best, step] = [2, 0.2];
  const keptScores = kept.filter(Boolean).map(() => {
    best -= step;
    step /= 2;
    return best;
  });
  return { metric: 'val_bpb', goal: 'minimize', baseline: 2, best, kept, keptScores, ...changes };
}

describe('the chance that the next experiment is kept', () => {
  test('before the first is that of public studies', () => {
    expect(chanceAfter([])).toBeCloseTo(fit.chance.firstChance, 10);
  });

  test('falls with each miss and rises with a keep', () => {
    const chances = [0, 1, 5, 10, 20, 40, 80].map((count) => chanceAfter(misses(count)));
    expect(chances).toEqual(chances.toSorted((a, b) => b - a));
    expect(new Set(chances).size).toBe(chances.length);
    expect(chanceAfter([...misses(10), true])).toBeGreaterThan(chanceAfter(misses(11)));
  });

  test('goes by the study: one that kept half its experiments is told more than one that kept a tenth', () => {
    const often = Array.from({ length: 40 }, (_, index) => index % 2 === 0);
    const seldom = Array.from({ length: 40 }, (_, index) => index % 10 === 9);
    expect(chanceAfter([...often, ...misses(5)])).toBeGreaterThan(chanceAfter([...seldom, ...misses(5)]));
  });

  test('of a study that never keeps anything ends below one in twenty', () => {
    expect(chanceAfter(misses(60))).toBeLessThan(0.05);
  });
});

describe('what more experiments bring', () => {
  const usual = study([true, false, true, false, false, true, false, false, false]);

  test('is the same each time it is asked', () => {
    expect(forecastOf(usual, fit)).toEqual(forecastOf(usual, fit));
  });

  test('is more after a hundred than after twenty, and its ends enclose the median', () => {
    const { twenty, hundred } = forecastOf(usual, fit);
    expect(hundred.keeps.median).toBeGreaterThan(twenty.keeps.median);
    expect(hundred.anyKeep).toBeGreaterThanOrEqual(twenty.anyKeep);
    for (const { keeps, gain } of [twenty, hundred]) {
      for (const spread of [keeps, gain]) {
        expect(spread?.low).toBeLessThanOrEqual(spread?.median ?? 0);
        expect(spread?.median).toBeLessThanOrEqual(spread?.high ?? 0);
      }
    }
  });

  test('is in the units of the metric: of scores ten times as large the gain is ten times as large', () => {
    const scaled = study(usual.kept, {
      baseline: 20,
      best: usual.best * 10,
      keptScores: usual.keptScores.map((score) => score * 10),
    });
    expect(forecastOf(scaled, fit).twenty.gain?.median).toBeCloseTo(
      10 * (forecastOf(usual, fit).twenty.gain?.median ?? 0),
      8,
    );
  });

  test('never goes beyond a loss of 0 or an accuracy of 1', () => {
    const accuracy = study([true], { goal: 'maximize', baseline: 0.5, best: 0.97, keptScores: [0.97] });
    expect(forecastOf(accuracy, fit).hundred.gain?.high).toBeLessThanOrEqual(0.03 + 1e-12);
    const loss = study([true], { best: 0.1, keptScores: [0.1] });
    expect(forecastOf(loss, fit).hundred.gain?.high).toBeLessThanOrEqual(0.1 + 1e-12);
  });

  test('has no upper end where that is no more than the bound of the metric', () => {
    const bounded = forecastOf(study([true], { best: 0.1, keptScores: [0.1] }), fit).hundred.gain;
    expect(bounded).toMatchObject({ high: 0.1, isOpen: true });
    const high = study([true], { goal: 'maximize', baseline: 5, best: 6, keptScores: [6] });
    expect(forecastOf(high, fit).hundred.gain).not.toHaveProperty('isOpen');
  });

  test('has no size where the baseline is 0 and nothing was gained', () => {
    const { twenty } = forecastOf(study([], { baseline: 0, best: 0 }), fit);
    expect(twenty.gain).toBeNull();
    expect(twenty.keeps.median).toBeGreaterThan(0);
  });
});

describe('the gain of a keep', () => {
  test('is a share of the baseline at first, then of the gain before it; what did not gain is left out', () => {
    const shares = keepShares({ goal: 'minimize', baseline: 2, keptScores: [1.8, 1.9, 1.7] });
    expect(shares.map(({ number, log }) => [number, Math.exp(log)])).toEqual([
      [1, expect.closeTo(0.1, 10)],
      [2, expect.closeTo(0.5, 10)],
    ]);
  });

  test('is expected to be larger in a study whose keeps were larger than usual, the more surely the more of them', () => {
    const small = heightOf([{ number: 2, log: -6 }], fit.gain);
    const large = heightOf([{ number: 2, log: 1 }], fit.gain);
    expect(large.mean).toBeGreaterThan(small.mean);
    const many = heightOf(
      [2, 3, 4, 5].map((number) => ({ number, log: 1 })),
      fit.gain,
    );
    expect(many.sd).toBeLessThan(large.sd);
  });
});
