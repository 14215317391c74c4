/**
 * What to expect of a study that goes on: how likely the next experiment is kept, and what more experiments would gain.
 *
 * The chance of a keep and its size are fitted to public studies (chance.ts, gain-of-keep.ts), the chance of what searches propose
 * to our own (odds.ts), and go by the study's own record. What many experiments bring is the spread of a thousand courses that the study may take, drawn from the two: always
 * the same draws, so that the same record gives the same forecast.
 */
import { createRandom } from '../../base/random.ts';
import { drawNormal } from '../../statistics/draw-normal.ts';
import type { ChanceFit } from './chance.ts';
import { drawGain, type GainFit, type Height, heightOf, keepShares } from './gain-of-keep.ts';
import { type Odds, oddsOf, type SearchFit } from './odds.ts';
import { gainOf, missesOf, type StudyRecord } from './study-record.ts';

/** Of ten studies with this forecast, eight end up between `low` and `high`, and half below `median`. */
export interface Spread {
  readonly low: number;
  readonly median: number;
  readonly high: number;
}

/** A range of a gain. */
export interface GainSpread extends Spread {
  /** Whether its upper end is no more than the bound of the metric: nothing speaks for so much. */
  readonly isOpen?: true;
}

/** What so many more experiments would bring. */
export interface Expectation {
  readonly experiments: number;
  readonly keeps: Spread;
  /** Probability that any of them is kept. */
  readonly anyKeep: number;
  /** Gain beyond the best so far, in the metric; null where a baseline of 0 gives no scale. */
  readonly gain: GainSpread | null;
}

export interface Forecast {
  /** Probability that the next experiment is kept. */
  readonly chanceOfKeep: number;
  /** Experiments since the last keep, or since the baseline. */
  readonly misses: number;
  readonly twenty: Expectation;
  readonly hundred: Expectation;
}

export interface ForecastFit {
  readonly chance: ChanceFit;
  /** Of a study in which only searches propose. */
  readonly searches: SearchFit;
  readonly gain: GainFit;
}

const courses = 1000;

/** The forecast for a study with this record. */
export function forecastOf(record: StudyRecord, fit: ForecastFit): Forecast {
  const odds = oddsOf(record, fit);
  const shares = keepShares(record);
  const start = { study: record, odds, gains: shares.length, height: heightOf(shares, fit.gain), fit };
  const drawn = drawCourses(start, [20, 100]);
  const hasScale = record.baseline !== 0 || gainOf(record) > 0;
  const [twenty, hundred] = [20, 100].map((experiments, index) =>
    expectationOf(
      experiments,
      drawn.map((course) => course[index] ?? nothing),
      hasScale ? roomOf(record) : undefined,
    ),
  ) as [Expectation, Expectation];
  return { chanceOfKeep: odds.chance, misses: missesOf(record), twenty, hundred };
}

/** Keeps and gain of one course, so far. */
interface Brought {
  readonly keeps: number;
  readonly gain: number;
}

const nothing: Brought = { keeps: 0, gain: 0 };

/** Where the courses begin. */
interface Start {
  readonly study: StudyRecord;
  readonly odds: Odds;
  /** Keeps that gained. */
  readonly gains: number;
  readonly height: Height;
  readonly fit: ForecastFit;
}

/** For each course, what it has brought after each of these numbers of experiments. */
function drawCourses(start: Start, after: readonly number[]): readonly (readonly Brought[])[] {
  const { unit } = createRandom('forecast');
  return Array.from({ length: courses }, () => drawCourse(start, after, unit));
}

function drawCourse({ study, fit, ...start }: Start, after: readonly number[], unit: () => number): readonly Brought[] {
  const had = gainOf(study);
  const baseline = Math.abs(study.baseline);
  const height = start.height.mean + start.height.sd * drawNormal(unit);
  const room = roomOf(study);
  const stops: Brought[] = [];
  let [odds, kept, gain] = [start.odds, 0, 0];
  for (let number = 1; number <= Math.max(...after); number++) {
    const isKept = unit() < odds.chance;
    const keeps = start.gains + kept;
    if (isKept) gain = Math.min(room, gain + drawGain({ keeps, gain: had + gain, baseline, height }, fit.gain, unit));
    if (isKept) kept += 1;
    odds = odds.after(isKept);
    if (after.includes(number)) stops.push({ keeps: kept, gain });
  }
  return stops;
}

/** The most that can be gained yet: a score above 0 that is minimized is taken for one that ends there, a share for one that ends at 1. */
function roomOf({ goal, best, baseline }: StudyRecord): number {
  if (goal === 'minimize') return best > 0 ? best : Number.POSITIVE_INFINITY;
  return best >= 0 && best <= 1 && baseline >= 0 ? 1 - best : Number.POSITIVE_INFINITY;
}

function expectationOf(experiments: number, drawn: readonly Brought[], room: number | undefined): Expectation {
  return {
    experiments,
    keeps: spreadOf(drawn.map(({ keeps }) => keeps)),
    anyKeep: drawn.filter(({ keeps }) => keeps > 0).length / drawn.length,
    gain: room === undefined ? null : gainSpreadOf(drawn, room),
  };
}

function gainSpreadOf(drawn: readonly Brought[], room: number): GainSpread {
  const spread = spreadOf(drawn.map(({ gain }) => gain));
  return spread.high >= room ? { ...spread, isOpen: true } : spread;
}

/**
 * Between the 5th and the 95th percentile of the courses: on the half of the public studies that the forecast was fitted to,
 * that held 8 of 10 outcomes, since what a study goes through is less even than these courses.
 */
function spreadOf(values: readonly number[]): Spread {
  const sorted = values.toSorted((a, b) => a - b);
  const at = (share: number) => sorted[Math.round(share * (sorted.length - 1))] ?? 0;
  return { low: at(0.05), median: at(0.5), high: at(0.95) };
}
