/**
 * What one candidate gains over another on validation and on the holdout, and by how much the two gains may differ by
 * chance.
 *
 * Two things make them differ though nothing is overfitted. The training's own luck: each run has a difference d, how much
 * better it looks on the holdout than on validation; with sigma its standard deviation, its part in the variance is
 * sigma^2 (1/n + 1/m). And the texts: a change that is good for one kind of text gains more where there is more of it. A
 * scorer that also grades parts of each split shows how the gain differs from part to part; with K parts and standard
 * deviation s its mean has the variance s^2 / K, on either split.
 *
 * The quantile is Student's, with the degrees of freedom of Welch and Satterthwaite. A run's luck differs from part to part
 * too, so the parts hold most of what the seeds do; sigma is added for luck that moves a split as a whole, and the few runs
 * behind it take no degrees of freedom away where there are parts.
 */
import { type Goal, gainOver } from '../base/metric.ts';
import { mean, standardDeviation } from '../statistics/moments.ts';
import { satterthwaite, type Variance } from '../statistics/satterthwaite.ts';
import { studentQuantile } from '../statistics/student-t.ts';

/** One score, and the same metric on parts of the data, where the scorer gives them. */
export interface Grade {
  readonly value: number;
  readonly parts?: readonly number[] | undefined;
}

/** One run's weights, graded twice. */
export interface Grades {
  readonly validation: Grade;
  readonly holdout: Grade;
  /** How much better it looks on the holdout. */
  readonly difference: number;
  readonly resolution: number;
}

/** The standard deviation of one run's difference; undefined where no candidate ran twice. */
export interface SplitNoise {
  readonly sigma?: number | undefined;
  readonly degreesOfFreedom: number;
}

export interface SplitComparison {
  readonly validationGain: number;
  readonly holdoutGain: number;
  /** Undefined while neither the runs nor the parts tell anything. */
  readonly limit?: number;
  readonly isParted: boolean;
}

/** Of the validation gain, the share that must be lost on the holdout to matter. */
const minLostShare = 0.2;
/**
 * The same where the texts' part in the difference is unknown. On the tiny sandbox the gains on its two texts, of which 33 KB
 * are scored, have differed by a tenth of the larger; this is three times that.
 */
const minLostShareOfUnknownTexts = 0.3;

/** Compares two candidates, each of at least one graded run; `level` is the probability of no false alarm. */
export function compareSplits(
  goal: Goal,
  { before, after }: { readonly before: readonly Grades[]; readonly after: readonly Grades[] },
  noise: SplitNoise,
  level: number,
): SplitComparison {
  const gainOn = (split: Split) => gainOver(goal, meanOf(before, split), meanOf(after, split));
  const [validationGain, holdoutGain] = [gainOn('validation'), gainOn('holdout')];
  const texts = splits.flatMap((split) => textVariance(before, after, split));
  const isTextKnown = texts.length === splits.length;
  const limit = limitOf(isTextKnown ? texts : [], seedVariance(noise, before.length, after.length), level);
  if (limit === undefined) return { validationGain, holdoutGain, isParted: false };
  const lost = validationGain - holdoutGain;
  const minLost = (isTextKnown ? minLostShare : minLostShareOfUnknownTexts) * validationGain;
  return { validationGain, holdoutGain, limit, isParted: validationGain > 0 && lost > Math.max(limit, minLost) };
}

/** Whether these runs have parts on both splits, each time the same number of them. */
export function haveParts(runs: readonly Grades[]): boolean {
  return splits.every((split) => partCount(runs, split) >= minParts);
}

type Split = 'validation' | 'holdout';
const splits = ['validation', 'holdout'] as const;

/** With fewer, the spread between them says nothing. */
const minParts = 4;

function seedVariance({ sigma, degreesOfFreedom }: SplitNoise, before: number, after: number): Variance | undefined {
  return sigma === undefined ? undefined : { variance: sigma ** 2 * (1 / before + 1 / after), degreesOfFreedom };
}

/** The variance of the gain on a split as a mean over its parts; empty where the scorer gives no parts. */
function textVariance(before: readonly Grades[], after: readonly Grades[], split: Split): Variance[] {
  const count = partCount([...before, ...after], split);
  if (count < minParts) return [];
  const partOf = (runs: readonly Grades[], part: number) => mean(runs.map((run) => run[split].parts?.[part] ?? 0));
  const gains = Array.from({ length: count }, (_, part) => partOf(before, part) - partOf(after, part));
  return [{ variance: standardDeviation(gains) ** 2 / count, degreesOfFreedom: count - 1 }];
}

/** How many parts each of these runs has; 0 when they differ. */
function partCount(runs: readonly Grades[], split: Split): number {
  const counts = new Set(runs.map((run) => run[split].parts?.length ?? 0));
  const [count = 0] = counts;
  return counts.size === 1 ? count : 0;
}

function limitOf(texts: readonly Variance[], seeds: Variance | undefined, level: number): number | undefined {
  const measured = texts.length > 0 ? texts : seeds ? [seeds] : [];
  if (measured.length === 0) return undefined;
  const sum = measured.reduce((total, { variance }) => total + variance, 0);
  const degreesOfFreedom = satterthwaite(measured);
  const all = texts.length > 0 ? sum + (seeds?.variance ?? 0) : sum;
  return studentQuantile(level, Number.isNaN(degreesOfFreedom) ? 1 : degreesOfFreedom) * Math.sqrt(all);
}

function meanOf(runs: readonly Grades[], split: Split): number {
  return mean(runs.map((run) => run[split].value));
}
