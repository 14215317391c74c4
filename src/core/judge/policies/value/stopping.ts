/**
 * Run a candidate again, or decide: optimal stopping against the study's going rate.
 *
 * The rate is the expected gain per run of a study that stops optimally: the price at which a proposal is worth exactly
 * what it costs. The mean of n runs, given the mean of n + 1, does not depend on the effect, so the recursion runs backwards
 * by fixed Gaussian blurs; the rate is found by Newton's method, which is policy iteration here and takes a few rounds.
 */
import { blur, type Kernel, kernelOf } from './blur.ts';
import { at, grid, gridSize, gridStep } from './effects.ts';

/** No candidate gets more runs than this. */
export const mostRuns = 6;
/** A keep must be worth this much, in sigma. */
export const keepMargin = 0.2;

const startRate = 0.1;
const mostRounds = 12;
const tolerance = 1e-3;

/** From the mean of n + 1 runs back to that of n, by n. */
const backwards: readonly Kernel[] = Array.from({ length: mostRuns }, (_, n) =>
  kernelOf(n === 0 ? 1 : 1 / n - 1 / (n + 1)),
);

export interface Stopping {
  /** Expected gain per run, in sigma. */
  readonly rate: number;
  /** What another run is worth more than stopping, after `runs` runs with their mean at this offset from the incumbent. */
  readonly worthOfAnother: (runs: number, offset: number) => number;
}

/** The stopping rule for a proposal with this prior, against an incumbent known up to this variance. */
export function solveStopping(prior: Float64Array, placeVariance: number): Stopping {
  const outlook = lookAhead(prior, placeVariance);
  let rate = startRate;
  for (let round = 0; round < mostRounds; round++) {
    const { value, runs } = recur(outlook, rate);
    const better = Math.max(0, rate + (value - rate) / (1 + runs));
    const isSettled = Math.abs(better - rate) < tolerance;
    rate = better;
    if (isSettled) break;
  }
  const { worth } = recur(outlook, rate);
  return {
    rate,
    worthOfAnother: (runs, offset) => (runs >= mostRuns ? -1 : interpolate(worth[runs] as Float64Array, offset)),
  };
}

/** By the number of runs: how likely each mean is, and what stopping there gains, both as densities. */
interface Outlook {
  readonly seen: readonly Float64Array[];
  readonly stop: readonly Float64Array[];
}

function lookAhead(prior: Float64Array, placeVariance: number): Outlook {
  const last = kernelOf(placeVariance + 1 / mostRuns);
  const seen = new Array<Float64Array>(mostRuns + 1);
  const effect = new Array<Float64Array>(mostRuns + 1);
  seen[mostRuns] = blur(last, prior);
  effect[mostRuns] = blur(
    last,
    prior.map((chance, point) => chance * at(grid, point)),
  );
  for (let n = mostRuns - 1; n > 0; n--) {
    seen[n] = blur(backwards[n] as Kernel, seen[n + 1] as Float64Array);
    effect[n] = blur(backwards[n] as Kernel, effect[n + 1] as Float64Array);
  }
  const stop = seen.map((chances, n) =>
    chances.map((chance, point) => Math.max(0, -at(effect[n] as Float64Array, point) - keepMargin * chance)),
  );
  return { seen, stop };
}

/** Outside of these offsets nobody runs again: a mean there is a win or a loss already. */
const from = indexOf(-6);
const to = indexOf(4);

/** What a proposal is worth at some price per run: its value, its further runs, and what another run is worth by their number. */
interface Pass {
  readonly value: number;
  readonly runs: number;
  readonly worth: readonly Float64Array[];
}

/** One backward pass at this price per run. */
function recur({ seen, stop }: Outlook, rate: number): Pass {
  const worth = new Array<Float64Array>(mostRuns);
  let value = stop[mostRuns] as Float64Array;
  let runs: Float64Array = new Float64Array(gridSize);
  for (let n = mostRuns - 1; n > 0; n--) {
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
