/**
 * Which knobs distinguish the best trials from the rest: PED-ANOVA (Watanabe, Bansal and Hutter, IJCAI 2023,
 * arXiv:2304.10255).
 *
 * A knob's importance is the Pearson divergence between its values among the best trials and among all of them (theorem
 * 1 there, whose factor is the same for all knobs and cancels out). Histograms stand in for kernels, since they take
 * choices and numbers alike. It says what mattered in these trials; it does not say what would matter elsewhere.
 */
import { mean } from '../../statistics/moments.ts';
import type { KnobValue } from '../knob.ts';
import type { Trial } from './trials.ts';

export interface KnobImportance {
  /** `file:KNOB`. */
  readonly key: string;
  /**
   * Share of what all knobs explain, 0 to 1; the shares add up to 1, or to 0 when no knob explains more than chance.
   */
  readonly share: number;
}

export interface Importance {
  readonly trials: number;
  /** Number of them that count as the best. */
  readonly best: number;
  /** The most important first. */
  readonly knobs: readonly KnobImportance[];
}

/** Trials that are needed; with fewer, chance decides. */
const minTrials = 16;
const bestShare = 0.25;
/** A numeric knob with more different values than this is put into this many bins of about the same count. */
const maxBins = 4;

/** The importance of every knob that was ever set; undefined with fewer than 16 trials, or none that set a knob. */
export function measureImportance(finished: readonly Trial[]): Importance | undefined {
  if (finished.length < minTrials) return undefined;
  const sorted = finished
    .map((trial) => ({ trial, score: trial.scores.length === 0 ? Number.POSITIVE_INFINITY : mean(trial.scores) }))
    .sort((a, b) => (a.score === b.score ? a.trial.experiment - b.trial.experiment : a.score - b.score));
  const best = Math.ceil(finished.length * bestShare);
  const keys = [...new Set(finished.flatMap(({ values }) => Object.keys(values)))].sort();
  const measured = keys.map((key) => {
    const values = sorted.map(({ trial }) => trial.values[key]);
    return { key, divergence: divergenceBeyondChance(binsOf(values), best) };
  });
  const total = measured.reduce((sum, { divergence }) => sum + divergence, 0);
  const knobs = measured
    .sort((a, b) => b.divergence - a.divergence)
    .map(({ key, divergence }) => ({ key, share: total === 0 ? 0 : divergence / total }));
  return knobs.length === 0 ? undefined : { trials: finished.length, best, knobs };
}

/**
 * The Pearson divergence of the best from all, less what it would be on average were the best drawn by chance:
 * Pearson's statistic under sampling without replacement has the mean (k - 1)(N - n)/(N - 1), and is n times the
 * divergence.
 */
function divergenceBeyondChance(bins: readonly (string | number)[], best: number): number {
  const all = countEach(bins);
  const among = countEach(bins.slice(0, best));
  let divergence = 0;
  for (const [bin, count] of all) {
    const share = count / bins.length;
    divergence += share * ((among.get(bin) ?? 0) / best / share - 1) ** 2;
  }
  const byChance = ((all.size - 1) * (bins.length - best)) / ((bins.length - 1) * best);
  return Math.max(0, divergence - byChance);
}

function countEach(bins: readonly (string | number)[]): ReadonlyMap<string | number, number> {
  const counts = new Map<string | number, number>();
  for (const bin of bins) counts.set(bin, (counts.get(bin) ?? 0) + 1);
  return counts;
}

/** A bin for each trial's value; trials in which the knob was never set, and has its first value, share a bin. */
function binsOf(values: readonly (KnobValue | undefined)[]): readonly (string | number)[] {
  const numbers = values.filter((value) => typeof value === 'number').sort((a, b) => a - b);
  if (new Set(numbers).size <= maxBins) return values.map((value) => JSON.stringify(value) ?? 'as it was');
  const below = new Map<number, number>();
  for (const [index, value] of numbers.entries()) if (!below.has(value)) below.set(value, index);
  return values.map((value) =>
    typeof value === 'number'
      ? Math.floor((maxBins * (below.get(value) ?? 0)) / numbers.length)
      : (JSON.stringify(value) ?? 'as it was'),
  );
}
