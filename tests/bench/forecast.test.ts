/** The fit of the forecast and its judgement, on made-up studies whose truth is known. */
import { describe, expect, test } from 'vitest';
import type { PublicStudy } from '../../bench/evidence/study.ts';
import {
  brierOf,
  checkSpreads,
  constantTeller,
  forecastTeller,
  positionTeller,
  reliabilityOf,
  repositoriesWon,
  tell,
} from '../../bench/forecast/calibrate.ts';
import { fitForecast } from '../../bench/forecast/fit-forecast.ts';
import { minimise } from '../../bench/forecast/minimise.ts';
import { createRandom } from '../../src/core/base/random.ts';
import { drawNormal } from '../../src/core/statistics/draw-normal.ts';
import { chanceOfKeep, noExperiments, recordKeep } from '../../src/core/views/forecast/chance.ts';
import type { ForecastFit } from '../../src/core/views/forecast/forecast.ts';
import { drawGain } from '../../src/core/views/forecast/gain-of-keep.ts';
import { shippedFit } from '../../src/core/views/forecast/shipped-fit.ts';

/** A study that goes exactly as this fit says. */
function drawStudy(number: number, length: number, fit: ForecastFit): PublicStudy {
  const { unit } = createRandom(`study ${number}`);
  const height = fit.gain.studySd * drawNormal(unit);
  let [record, value] = [noExperiments, 2];
  const experiments = Array.from({ length }, (_, index) => {
    const isKept = unit() < chanceOfKeep(record, fit.chance);
    if (isKept) value -= drawGain({ keeps: record.keeps, gain: 2 - value, baseline: 2, height }, fit.gain, unit);
    record = recordKeep(record, isKept, fit.chance);
    return {
      value: isKept ? value : 3,
      outcome: isKept ? ('kept' as const) : ('discarded' as const),
      description: `${index}`,
    };
  });
  return {
    repository: `owner/${number}`,
    file: '',
    half: 'choosing',
    metric: 'val_bpb',
    kind: 'lm_bpb',
    goal: 'minimize',
    baseline: 2,
    experiments,
  };
}

const studies = Array.from({ length: 60 }, (_, number) => drawStudy(number, 60, shippedFit));

describe('the fit', () => {
  const fit = fitForecast(studies);

  test('finds the chances that the studies were drawn from', () => {
    for (const [experiments, keeps, lately, latelyKept] of [
      [0, 0, 0, 0],
      [10, 5, 3.2, 1.5],
      [40, 8, 3.3, 0],
    ] as const) {
      const record = { experiments, keeps, lately, latelyKept };
      expect(Math.abs(chanceOfKeep(record, fit.chance) - chanceOfKeep(record, shippedFit.chance))).toBeLessThan(0.06);
    }
  });

  test('finds how the gain falls from keep to keep, and how much it scatters', () => {
    expect(fit.gain.laterFall).toBeCloseTo(shippedFit.gain.laterFall, 0);
    expect(fit.gain.keepSd / shippedFit.gain.keepSd).toBeGreaterThan(0.7);
    expect(fit.gain.keepSd / shippedFit.gain.keepSd).toBeLessThan(1.3);
  });
});

describe('the judgement', () => {
  const fresh = Array.from({ length: 60 }, (_, number) => drawStudy(1000 + number, 60, shippedFit));
  const told = tell(fresh, forecastTeller(shippedFit));

  test('of studies that go as forecast: what was said so often came so often', () => {
    for (const { experiments, said, came } of reliabilityOf(told).filter((row) => row.experiments > 200)) {
      expect(Math.abs(said - came)).toBeLessThan(4 * Math.sqrt((said * (1 - said)) / experiments));
    }
  });

  test('finds the forecast better than one number for all, and than one for each position', () => {
    for (const teller of [constantTeller(fresh), positionTeller(fresh)]) {
      const others = tell(fresh, teller);
      expect(brierOf(told).experiments).toBeLessThan(brierOf(others).experiments);
      expect(repositoriesWon(told, others)).toBeGreaterThan(30);
    }
  });

  test('finds nine in ten gains of twenty more inside their range', () => {
    const { gainInside, forecasts } = checkSpreads(fresh.slice(0, 20), shippedFit);
    expect(forecasts).toBe(100);
    expect(gainInside).toBeGreaterThan(0.8);
  });

  test('of two scores the lower is nearer to what came', () => {
    const certain = [
      { repository: 'a/b', chance: 1, isKept: true },
      { repository: 'a/b', chance: 0, isKept: false },
    ];
    expect(brierOf(certain)).toEqual({ experiments: 0, overRepositories: 0 });
    expect(brierOf(certain.map((each) => ({ ...each, chance: 0.5 }))).experiments).toBe(0.25);
  });
});

test('compass search finds the lowest point of a bowl', () => {
  const lowest = minimise(([x = 0, y = 0]) => (x - 1) ** 2 + 3 * (y + 2) ** 2 + x * y * 0.1, [0, 0]);
  expect(lowest[0]).toBeCloseTo(1.1, 1);
  expect(lowest[1]).toBeCloseTo(-2, 1);
});
