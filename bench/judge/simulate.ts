/**
 * One simulated study: proposals with known effects, judged by a shipped policy.
 */
import { drawNormal } from '../../src/core/statistics/draw-normal.ts';
import type { Arm } from './arms.ts';
import type { Draw, World } from './worlds.ts';

export interface StudyFigures {
  /** The final incumbent's true score minus the baseline's; lower is better. */
  readonly truth: number;
  /** By how much the policy's estimate is better than the true score. */
  readonly overReport: number;
  readonly keeps: number;
  /** Keeps of proposals that do nothing or harm. */
  readonly falseKeeps: number;
  readonly proposals: number;
  /** Runs of proposals, without the baseline's. */
  readonly runs: number;
  readonly sigma: number;
  /** Of the proposals that are true gains: their number, how many were kept, and their runs. */
  readonly gains: { readonly count: number; readonly kept: number; readonly runs: number };
}

export interface Length {
  /** Runs, those of the baseline included. */
  readonly runs: number;
  /** Ends the study after this number of proposals, if its runs have not ended it before. */
  readonly proposals?: number;
}

const baselineRuns = 3;

/** Simulates the study with this number: the same number has the same effects and noise under every policy. */
export function simulateStudy(arm: Arm, world: World, number: number, length: Length): StudyFigures {
  const noise = world.noise ?? drawNormal;
  const drift = world.drift ?? (() => 0);
  const baseline = Array.from({ length: baselineRuns }, (_, run) => noise(drawFrom(number, 0, run + 1)));
  const judge = arm(baseline);
  let [truth, used, keeps, falseKeeps, proposals] = [0, baselineRuns, 0, 0, 0];
  const gains = { count: 0, kept: 0, runs: 0 };
  while (used < length.runs && proposals < (length.proposals ?? Number.POSITIVE_INFINITY)) {
    proposals += 1;
    const effect = world.effect(drawFrom(number, proposals, 0), used / length.runs);
    const values: number[] = [];
    let decision: ReturnType<typeof judge.decide>;
    do {
      values.push(truth + effect + drift(used / length.runs) + noise(drawFrom(number, proposals, values.length + 1)));
      used += 1;
      decision = judge.decide(values, used < length.runs);
    } while (decision === 'rerun');
    const isKept = decision === 'keep';
    judge.settle(values, isKept);
    if (isKept) {
      truth += effect;
      keeps += 1;
      if (effect >= 0) falseKeeps += 1;
    }
    if (effect >= 0) continue;
    gains.count += 1;
    gains.kept += isKept ? 1 : 0;
    gains.runs += values.length;
  }
  const overReport = truth - (judge.reported() - drift(1));
  const runs = used - baselineRuns;
  return { truth, overReport, keeps, falseKeeps, proposals, runs, sigma: judge.sigma(), gains };
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
