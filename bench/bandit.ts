/**
 * Does the bandit of `researcher: auto` find what pays? The shipped `chooseArm` in made-up nights with planted arms whose
 * gains fade, beside the best single arm of each night and a choice that is uniform.
 */

import { chooseArm } from '../src/core/auto/choose-arm.ts';
import { createRandom, type Random } from '../src/core/base/random.ts';
import type { ArmName } from '../src/core/journal/arm.ts';
import { mean, standardDeviation } from '../src/core/statistics/moments.ts';
import { createArmStudy } from '../tests/helpers/arm-study.ts';
import { readFlag } from './flags.ts';
import type { BenchReport } from './report.ts';

/** How an arm gains: how often, how much in sigmas, and after how many of all experiments half of that is gone. */
interface Planted {
  readonly chance: number;
  readonly size: number;
  readonly halfLife: number;
  /** Training seconds of one experiment, where the budget is five. */
  readonly seconds?: number;
}
type World = Readonly<Partial<Record<ArmName, Planted>>>;

const worlds: Readonly<Record<string, World>> = {
  'one pays three times as well': {
    'bayes-gp': { chance: 0.3, size: 6, halfLife: 40 },
    'bayes-tpe': { chance: 0.1, size: 6, halfLife: 40 },
    random: { chance: 0.1, size: 6, halfLife: 40 },
  },
  'random pays best': {
    'bayes-gp': { chance: 0.1, size: 4, halfLife: 40 },
    'bayes-tpe': { chance: 0.1, size: 4, halfLife: 40 },
    random: { chance: 0.3, size: 6, halfLife: 40 },
  },
  'the early winner fades': {
    'llm-knobs': { chance: 0.5, size: 20, halfLife: 8 },
    'llm-code': { chance: 0.1, size: 10, halfLife: 100 },
    'bayes-gp': { chance: 0.25, size: 6, halfLife: 60 },
    random: { chance: 0.1, size: 4, halfLife: 40 },
  },
  'only code pays in the end': {
    'llm-knobs': { chance: 0.4, size: 8, halfLife: 8 },
    'llm-code': { chance: 0.15, size: 10, halfLife: 200 },
    'bayes-gp': { chance: 0.2, size: 5, halfLife: 12 },
    random: { chance: 0.1, size: 4, halfLife: 12 },
  },
  'one arm only crashes': {
    'bayes-gp': { chance: 0, size: 0, halfLife: 40 },
    'bayes-tpe': { chance: 0.25, size: 6, halfLife: 40 },
    random: { chance: 0.1, size: 6, halfLife: 40 },
  },
  'the better one takes four times as long': {
    'bayes-gp': { chance: 0.3, size: 6, halfLife: 60, seconds: 20 },
    'bayes-tpe': { chance: 0.2, size: 6, halfLife: 60, seconds: 5 },
    random: { chance: 0.1, size: 6, halfLife: 60, seconds: 5 },
  },
  'all alike': {
    'bayes-gp': { chance: 0.2, size: 6, halfLife: 40 },
    'bayes-tpe': { chance: 0.2, size: 6, halfLife: 40 },
    random: { chance: 0.2, size: 6, halfLife: 40 },
  },
};

const budgets = 100;
const budgetSeconds = 5;
const sigma = 0.1;

type Chooser = (study: ReturnType<typeof createArmStudy>, arms: readonly ArmName[], seed: string) => ArmName;

const auto: Chooser = (study, arms, seed) => chooseArm(study.history(), arms, {}, seed)?.arm ?? 'random';
const uniform: Chooser = (_, arms, seed) => createRandom(`${seed}/uniform`).pick(arms);
const always =
  (arm: ArmName): Chooser =>
  () =>
    arm;

/** One night: what was gained in sigmas until the training time of a hundred budgets was used up. */
function night(world: World, choose: Chooser, seed: string): number {
  const study = createArmStudy();
  const arms = Object.keys(world) as ArmName[];
  let gained = 0;
  let seconds = 0;
  for (let experiment = 1; seconds < budgets * budgetSeconds; experiment++) {
    const name = `${seed}/experiment ${experiment}`;
    const arm = choose(study, arms, name);
    const planted = world[arm] as Planted;
    const gain = drawGain(planted, seconds / budgetSeconds, createRandom(`${name}/${arm}`));
    gained += gain;
    seconds += planted.seconds ?? budgetSeconds;
    study.pull(arm, gain * sigma, planted.seconds);
  }
  return gained;
}

/** An exponential size, or nothing. */
function drawGain({ chance, size, halfLife }: Planted, time: number, random: Random): number {
  if (random.unit() >= chance) return 0;
  return -Math.log(1 - random.unit()) * size * 0.5 ** (time / halfLife);
}

/** `--seeds N` nights of each world. */
export async function benchBandit(nights = Number(readFlag('seeds') ?? 100)): Promise<BenchReport> {
  const rows = Object.entries(worlds).map(([name, world]) => {
    const over = (choose: Chooser) =>
      Array.from({ length: nights }, (_, seed) => night(world, choose, `night ${seed}`));
    const fixed = (Object.keys(world) as ArmName[]).map((arm) => ({ arm, gains: over(always(arm)) }));
    const best = fixed.reduce((a, b) => (mean(b.gains) > mean(a.gains) ? b : a));
    const [own, even] = [over(auto), over(uniform)];
    return {
      world: name,
      auto: summary(own),
      uniform: summary(even),
      best: { arm: best.arm, ...summary(best.gains) },
      regretClosed: (mean(own) - mean(even)) / (mean(best.gains) - mean(even)),
    };
  });
  const table = [
    `${'world'.padEnd(42)}${'auto'.padStart(16)}${'uniform'.padStart(16)}${'best fixed arm'.padStart(28)}`,
    ...rows.map(
      (row) => `${row.world.padEnd(42)}${cell(row.auto)}${cell(row.uniform)}${cell(row.best)} ${row.best.arm}`,
    ),
  ];
  return { figures: { nights, budgets, unit: 'sigma', rows }, table };
}

function summary(gains: readonly number[]): { gained: number; error: number } {
  return { gained: mean(gains), error: standardDeviation(gains) / Math.sqrt(gains.length) };
}

function cell({ gained, error }: { gained: number; error: number }): string {
  return `${gained.toFixed(1)} ± ${error.toFixed(1)}`.padStart(16);
}
