/**
 * The table of `bench -- search`: means with standard errors, and paired tests over the seeds that all arms have.
 */
import { mean, standardDeviation } from '../../src/core/statistics/moments.ts';
import { studentCdf } from '../../src/core/statistics/student-t.ts';
import { type BenchReport, round } from '../report.ts';

/** Numbers of trials after which an arm is compared with the others. */
export const checkpoints = [20, 50, 100];

/** One arm on one objective with one seed. */
export interface SearchLine {
  readonly objective: string;
  readonly arm: string;
  readonly seed: number;
  /** True value of the best measured configuration at each checkpoint. */
  readonly best: readonly number[];
  /** Trials that were out of memory. */
  readonly failed: number;
  readonly trials: number;
  readonly seconds: number;
}

/** The figures and the table that follow from the lines. */
export function reportSearch(all: readonly SearchLine[]): BenchReport {
  const arms = [...new Set(all.map(({ arm }) => arm))];
  const objectives = [...new Set(all.map(({ objective }) => objective))];
  const seeds = [...new Set(all.map(({ seed }) => seed))]
    .filter((seed) => objectives.every((objective) => arms.every((arm) => find(all, { objective, arm, seed }))))
    .sort((a, b) => a - b);
  const lines = all.filter(({ seed }) => seeds.includes(seed));
  const perObjective = objectives.map((objective) => figuresOf(lines, objective, arms, seeds));
  const regret = arms.map((arm) => ({ arm, regret: mean(perObjective.map(({ regrets }) => regrets[arm] ?? 1)) }));
  return {
    figures: { seeds, checkpoints, objectives: perObjective, regret },
    table: [
      `seeds ${seeds.join(' ')}; true value of the best measured configuration after ${checkpoints.join(', ')} trials, ± s.e.`,
      ...perObjective.flatMap(tableOf),
      'share of the distance from the current values to the best value found by any arm that is left after 100 trials, mean of all objectives:',
      ...regret.map(({ arm, regret: share }) => `  ${arm.padEnd(12)} ${round(share * 100, 1)} %`),
    ],
  };
}

function find(lines: readonly SearchLine[], task: Pick<SearchLine, 'objective' | 'arm' | 'seed'>) {
  return lines.find(
    ({ objective, arm, seed }) => objective === task.objective && arm === task.arm && seed === task.seed,
  );
}

function figuresOf(lines: readonly SearchLine[], objective: string, arms: readonly string[], seeds: readonly number[]) {
  const own = lines.filter((line) => line.objective === objective);
  const at = (arm: string, checkpoint: number) =>
    seeds.map((seed) => find(own, { objective, arm, seed })?.best[checkpoint] ?? Number.NaN);
  const last = checkpoints.length - 1;
  const lowest = Math.min(...own.flatMap(({ best }) => best));
  const highest = Math.max(...own.flatMap(({ best }) => best));
  const ranked = [...arms].sort((a, b) => mean(at(a, last)) - mean(at(b, last)));
  const better = ranked.find((arm) => arm.startsWith('optuna-'));
  const second = ranked.filter((arm) => arm !== 'auto')[1];
  const pairs = [
    ['bayes', better],
    ['auto', second],
    ...['bayes', 'auto', 'optuna-tpe', 'optuna-gp'].map((arm) => [arm, 'random']),
    ...arms.filter((arm) => arm.includes('@')).map((arm) => [arm, arm.replace(/@.*/, '')]),
  ].filter(([a = '', b = '']) => a !== b && arms.includes(a) && arms.includes(b)) as [string, string][];
  return {
    objective,
    arms: arms.map((arm) => ({
      arm,
      best: checkpoints.map((_, index) => ({ mean: mean(at(arm, index)), se: errorOf(at(arm, index)) })),
      failedShare: mean(own.filter((line) => line.arm === arm).map(({ failed, trials }) => failed / trials)),
    })),
    regrets: Object.fromEntries(arms.map((arm) => [arm, (mean(at(arm, last)) - lowest) / (highest - lowest)])),
    paired: pairs.map(([a, b]) => ({ a, b, ...paired(at(a, last), at(b, last)) })),
  };
}

function errorOf(values: readonly number[]): number {
  return values.length < 2 ? Number.NaN : standardDeviation(values) / Math.sqrt(values.length);
}

/** The mean of b minus a, and the two-sided p of a paired t test. */
function paired(a: readonly number[], b: readonly number[]): { lower: number; p: number } {
  const differences = a.map((value, index) => (b[index] ?? 0) - value);
  const error = errorOf(differences);
  const p = error > 0 ? 2 * (1 - studentCdf(Math.abs(mean(differences)) / error, differences.length - 1)) : 1;
  return { lower: mean(differences), p };
}

function tableOf({ objective, arms, paired: tests }: ReturnType<typeof figuresOf>): string[] {
  return [
    '',
    objective,
    ...arms.map(({ arm, best, failedShare }) => {
      const cells = best.map(({ mean: value, se }) => `${value.toFixed(4)} ± ${se.toFixed(4)}`.padEnd(20)).join('');
      return `  ${arm.padEnd(12)} ${cells} ${round(failedShare * 100, 1)} % failed`;
    }),
    ...tests.map(({ a, b, lower, p }) => `  ${a} is ${lower.toFixed(4)} lower than ${b}, p = ${p.toFixed(4)}`),
  ];
}
