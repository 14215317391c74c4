/**
 * One simulated study: proposals with known effects, judged by a shipped policy.
 */
import { drawNormal } from '../../src/core/statistics/draw-normal.ts';
import type { Arm } from './arms.ts';
import type { Draw, World } from './worlds.ts';

export interface StudyFigures {
  /** The final incumbent's true score minus the baseline's; lower is better. */
  readonly truth: number;
  /** Of that, what came in the second half of the study's runs, or of its proposals where these end it. */
  readonly lateTruth: number;
  /** How far the result is from the oracle's, who spends one run on each proposal and keeps the true gains. */
  readonly distance: number;
  /** By how much the policy's estimate is better than the true score. */
  readonly overReport: number;
  /** Moves of the incumbent, and those whose candidate does nothing or harms. */
  readonly keeps: number;
  readonly falseKeeps: number;
  /** The same of the moves whose candidate was not more likely real than not when it was kept: the undecided ones. */
  readonly undecided: number;
  readonly falseUndecided: number;
  /** Candidates that combined near misses, and how many of them were kept. */
  readonly combined: number;
  readonly combinedKept: number;
  readonly proposals: number;
  /** Runs of proposals and combinations, without the baseline's. */
  readonly runs: number;
  readonly sigma: number;
  /** Of the proposals that are true gains: their number, how many were kept, and their runs; combinations left out. */
  readonly gains: { readonly count: number; readonly kept: number; readonly runs: number };
}

export interface Length {
  /** Runs, those of the baseline included. */
  readonly runs: number;
  /** Ends the study after this number of proposals, if its runs have not ended it before. */
  readonly proposals?: number;
}

const baselineRuns = 3;
/** The number of the first combination's stream, beyond those of all proposals. */
const combinationStreams = 100_000;
/** The same of the incumbents that were run again. */
const repetitionStreams = 200_000;

/** The use of a proposal's stream that says how noisy it is. */
const ownNoise = 50;

/** Simulates the study with this number: the same number has the same effects and noise under every policy. */
export function simulateStudy(arm: Arm, makeWorld: () => World, number: number, length: Length): StudyFigures {
  const world = makeWorld();
  const noise = world.noise ?? drawNormal;
  const drift = world.drift ?? (() => 0);
  const baseline = Array.from({ length: baselineRuns }, (_, run) => noise(drawFrom(number, 0, run + 1)));
  const judge = arm(baseline);
  const effects: number[] = [];
  let [truth, used, proposals] = [0, baselineRuns, 0];
  let truthAtHalf: number | undefined;
  let [incumbentWidth, again] = [1, 0];
  const moves = { keeps: 0, falseKeeps: 0, undecided: 0, falseUndecided: 0, combined: 0, combinedKept: 0 };
  const gains = { count: 0, kept: 0, runs: 0 };

  /** Runs a candidate until it is decided on; gives its runs and whether it was kept. */
  const tryOut = (effect: number, stream: number, combines?: readonly number[]) => {
    const own = combines ? 1 : (world.width?.(drawFrom(number, stream, ownNoise)) ?? 1);
    const width = world.isWidthInherited ? Math.max(own, incumbentWidth) : own;
    const values: number[] = [];
    let decision: ReturnType<typeof judge.decide>;
    do {
      const luck = width * noise(drawFrom(number, stream, values.length + 1));
      values.push(truth + effect + drift(used / length.runs) + luck);
      used += 1;
      decision = judge.decide(values, used < length.runs, combines);
    } while (decision === 'rerun');
    const isKept = decision === 'keep';
    const isUndecided = isKept && judge.chance(values, combines) <= 0.5;
    judge.settle(values, isKept, combines);
    effects.push(effect);
    if (!isKept) return { isKept, runs: values.length };
    truth += effect;
    incumbentWidth = width;
    moves.keeps += 1;
    moves.falseKeeps += effect >= 0 ? 1 : 0;
    moves.undecided += isUndecided ? 1 : 0;
    moves.falseUndecided += isUndecided && effect >= 0 ? 1 : 0;
    return { isKept, runs: values.length };
  };

  const isHalfOver = () =>
    length.proposals === undefined ? used >= length.runs / 2 : proposals >= length.proposals / 2;

  while (used < length.runs && proposals < (length.proposals ?? Number.POSITIVE_INFINITY)) {
    if (isHalfOver()) truthAtHalf ??= truth;
    if (judge.doubts?.()) {
      again += 1;
      const luck = incumbentWidth * noise(drawFrom(number, repetitionStreams + again, 1));
      judge.runAgain?.(truth + drift(used / length.runs) + luck);
      used += 1;
      continue;
    }
    const combines = judge.combination?.();
    if (combines) {
      moves.combined += 1;
      const effect = combines.reduce((sum, member) => sum + (effects[member] ?? 0), 0);
      // A stream of its own leaves the noise of the proposals as it is.
      moves.combinedKept += tryOut(effect, combinationStreams + moves.combined, combines).isKept ? 1 : 0;
      continue;
    }
    proposals += 1;
    const effect = world.effect(drawFrom(number, proposals, 0), used / length.runs);
    const { isKept, runs } = tryOut(effect, proposals);
    if (effect >= 0) continue;
    gains.count += 1;
    gains.kept += isKept ? 1 : 0;
    gains.runs += runs;
  }
  const overReport = truth - (judge.reported() - drift(1));
  const lateTruth = truth - (truthAtHalf ?? truth);
  const distance = truth - oracleTruth(makeWorld(), number, length);
  return {
    truth,
    lateTruth,
    distance,
    overReport,
    ...moves,
    proposals,
    runs: used - baselineRuns,
    sigma: judge.sigma(),
    gains,
  };
}

/** The result of keeping each true gain at one run a proposal. */
function oracleTruth(world: World, number: number, { runs, proposals }: Length): number {
  const count = Math.min(runs - baselineRuns, proposals ?? Number.POSITIVE_INFINITY);
  let truth = 0;
  for (let proposal = 1; proposal <= count; proposal++) {
    const share = (baselineRuns + proposal - 1) / runs;
    truth += Math.min(0, world.effect(drawFrom(number, proposal, 0), share));
  }
  return truth;
}

/** A random stream that three numbers determine (mulberry32 by Tommy Ettinger, public domain). */
function drawFrom(study: number, proposal: number, use: number): Draw {
  let state = Math.imul(study + 1, 0x9e3779b1) ^ Math.imul(proposal + 1, 0x85ebca6b) ^ Math.imul(use + 1, 0xc2b2ae35);
  const next = () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
  next();
  return next;
}
