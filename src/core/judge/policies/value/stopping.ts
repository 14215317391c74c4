/**
 * Whether to run a candidate again or to decide: optimal stopping, where a run costs what it would gain elsewhere.
 *
 * That price, the rate, is the expected gain per run of a study that stops optimally: at it, a proposal is worth
 * exactly what its runs cost. The mean of n runs, given the mean of n + 1, does not depend on the effect, so the
 * recursion goes backwards from the last run by fixed Gaussian blurs. The rate is found by Newton's method, which is
 * policy iteration here and takes a few rounds.
 */
import { blur, type Kernel, kernelOf } from './blur.ts';
import { at, grid, gridSize, gridStep } from './effects.ts';
import { isGain, worthOfKeeping, worthOfWaiting } from './keep-worth.ts';

/** No candidate gets more runs than this. */
export const maxRuns = 6;

/** The rate, in sigma per run, from which the search for it starts, its rounds, and its precision. */
const startRate = 0.1;
const maxRounds = 12;
const tolerance = 1e-3;

/** The kernel that leads from the density of the mean of n + 1 runs back to that of n, by n. */
const backwards: readonly Kernel[] = Array.from({ length: maxRuns }, (_, n) =>
  kernelOf(n === 0 ? 1 : 1 / n - 1 / (n + 1)),
);

export interface Stopping {
  /** Expected gain per run, in sigma. */
  readonly rate: number;
  /**
   * What another run is worth beyond stopping now, in sigma, after `runs` runs whose mean is this far from the
   * incumbent.
   */
  readonly worthOfAnother: (runs: number, offset: number) => number;
}

/**
 * The stopping rule for a proposal with this prior, when the incumbent's true score has this variance. The rate is that
 * of such proposals, unless another is given.
 */
export function solveStopping(
  prior: Float64Array,
  incumbentVariance: number,
  mayWait: boolean,
  givenRate?: number,
): Stopping {
  const outlook = lookAhead(prior, incumbentVariance, mayWait);
  const rate = givenRate ?? findRate(outlook);
  const { worth } = recur(outlook, rate);
  return {
    rate,
    worthOfAnother: (runs, offset) => (runs >= maxRuns ? -1 : interpolate(worth[runs] as Float64Array, offset)),
  };
}

/** The expected gain per run, in sigma, of proposals with this prior. */
export function rateOf(prior: Float64Array, incumbentVariance: number, mayWait: boolean): number {
  return findRate(lookAhead(prior, incumbentVariance, mayWait));
}

function findRate(outlook: Outlook): number {
  let rate = startRate;
  for (let round = 0; round < maxRounds; round++) {
    const { value, runs } = recur(outlook, rate);
    const better = Math.max(0, rate + (value - rate) / (1 + runs));
    const isSettled = Math.abs(better - rate) < tolerance;
    rate = better;
    if (isSettled) break;
  }
  return rate;
}

/** By the number of runs: the density of their mean, and the density times what stopping there gains. */
interface Outlook {
  readonly seen: readonly Float64Array[];
  readonly stop: readonly Float64Array[];
}

function lookAhead(prior: Float64Array, incumbentVariance: number, mayWait: boolean): Outlook {
  const last = kernelOf(incumbentVariance + 1 / maxRuns);
  const seen = beforeRuns(last, prior);
  const effect = beforeRuns(
    last,
    prior.map((chance, point) => chance * at(grid, point)),
  );
  const real = beforeRuns(
    last,
    prior.map((chance, point) => (isGain(point) ? chance : 0)),
  );
  const stop = seen.map((chances, n) =>
    chances.map((chance, point) => {
      if (chance < 1e-12) return 0;
      const gain = -at(effect[n] as Float64Array, point) / chance;
      const kept = worthOfKeeping(gain, at(real[n] as Float64Array, point) / chance);
      return chance * Math.max(kept, worthOfWaiting(gain, mayWait));
    }),
  );
  return { seen, stop };
}

/** What is weighed by the effects, seen by the mean of 1 to `maxRuns` runs; nothing is before the first. */
function beforeRuns(last: Kernel, weights: Float64Array): Float64Array[] {
  const seen = new Array<Float64Array>(maxRuns + 1);
  seen[maxRuns] = blur(last, weights);
  for (let n = maxRuns - 1; n > 0; n--) seen[n] = blur(backwards[n] as Kernel, seen[n + 1] as Float64Array);
  return seen;
}

/** Grid points of the offsets -6 and 4: a mean outside is a clear gain or loss, so no run follows. */
const from = indexOf(-6);
const to = indexOf(4);

/**
 * A proposal at some price per run: its value, the runs to expect after the first, and what another is worth by their
 * number.
 */
interface Pass {
  readonly value: number;
  readonly runs: number;
  readonly worth: readonly Float64Array[];
}

/** One backward pass at this price per run. */
function recur({ seen, stop }: Outlook, rate: number): Pass {
  const worth = new Array<Float64Array>(maxRuns);
  let value = stop[maxRuns] as Float64Array;
  let runs: Float64Array = new Float64Array(gridSize);
  for (let n = maxRuns - 1; n > 0; n--) {
    const [chances, stopping] = [seen[n] as Float64Array, stop[n] as Float64Array];
    const going = blur(backwards[n] as Kernel, value, from, to);
    const more = blur(backwards[n] as Kernel, runs, from, to);
    const [nextValue, gain] = [stopping.slice(), new Float64Array(gridSize).fill(-1)];
    for (let point = from; point <= to; point++) {
      const go = at(going, point) - rate * at(chances, point);
      const advantage = go - at(stopping, point);
      more[point] = advantage > 0 ? at(chances, point) + at(more, point) : 0;
      if (advantage > 0) nextValue[point] = go;
      gain[point] = advantage / Math.max(at(chances, point), 1e-12);
    }
    worth[n] = gain;
    value = nextValue;
    runs = more;
  }
  return { value: sum(value), runs: sum(runs), worth };
}

function indexOf(offset: number): number {
  return Math.round((offset - at(grid, 0)) / gridStep);
}

function interpolate(values: Float64Array, offset: number): number {
  const position = Math.min(gridSize - 1, Math.max(0, (offset - at(grid, 0)) / gridStep));
  const below = Math.min(gridSize - 2, Math.floor(position));
  return at(values, below) + (at(values, below + 1) - at(values, below)) * (position - below);
}

function sum(values: Float64Array): number {
  let total = 0;
  for (let point = 0; point < gridSize; point++) total += at(values, point);
  return total;
}
