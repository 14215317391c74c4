/**
 * The table of `bench -- search`: means with standard errors, and paired tests over the seeds that all arms have.
 */
import { mean, standardDeviation } from '../../src/core/statistics/moments.ts';
import { studentCdf } from '../../src/core/statistics/student-t.ts';
import type { StudyRecord } from '../../src/core/views/forecast/study-record.ts';
import { type BenchReport, round } from '../report.ts';

/** Numbers of trials after which an arm is compared with the others. */
export const checkpoints = [20, 40, 100];

/** One arm on one objective with one seed. */
export interface SearchLine {
  readonly objective: string;
  readonly arm: string;
  readonly seed: number;
  /** True value of the best measured configuration at each checkpoint. */
  readonly best: readonly number[];
  /** The share of the way from the current settings to the far end that is left at each checkpoint. */
  readonly left: readonly number[];
  /** Trials that were out of memory. */
  readonly failed: number;
  readonly trials: number;
  readonly seconds: number;
  /** What became of its experiments; absent where Optuna was asked directly. */
  readonly study?: StudyRecord | undefined;
}

/** The figures and the table that follow from the lines. */
export function reportSearch(all: readonly SearchLine[]): BenchReport {
  const arms = [...new Set(all.map(({ arm }) => arm))];
  const objectives = [...new Set(all.map(({ objective }) => objective))];
  const seeds = [...new Set(all.map(({ seed }) => seed))]
    .filter((seed) => objectives.every((objective) => arms.every((arm) => find(all, { objective, arm, seed }))))
    .sort((a, b) => a - b);
  if (seeds.length === 0) {
    const kinds = `${arms.join(', ') || 'no arm'} on ${objectives.join(', ') || 'no objective'}`;
    return {
      figures: { lines: all },
      table: [`${all.length} lines, but no seed that has all of ${kinds}: nothing to compare`],
    };
  }
  const lines = all.filter(({ seed }) => seeds.includes(seed));
  const reached = checkpoints.filter((_, index) => lines.every(({ best }) => best.length > index));
  const perObjective = objectives.map((objective) => figuresOf(lines, objective, { arms, seeds, reached }));
  const left = arms.map((arm) => ({
    arm,
    left: reached.map((_, index) => mean(perObjective.map((each) => each.left[arm]?.[index] ?? 1))),
  }));
  return {
    figures: { seeds, checkpoints: reached, objectives: perObjective, left },
    table: [
      `seeds ${seeds.join(' ')}; true value of the best measured configuration after ${reached.join(', ')} trials, ± s.e., and the share of the way that is left`,
      ...perObjective.flatMap(tableOf),
      'share of the way from the current values to the far end that is left, mean of all objectives:',
      ...left.map(
        ({ arm, left: shares }) =>
          `  ${arm.padEnd(12)} ${shares.map((share) => `${round(share * 100, 1)} %`).join('  ')}`,
      ),
    ],
  };
}

function find(lines: readonly SearchLine[], task: Pick<SearchLine, 'objective' | 'arm' | 'seed'>) {
  return lines.find(
    ({ objective, arm, seed }) => objective === task.objective && arm === task.arm && seed === task.seed,
  );
}

interface Compared {
  readonly arms: readonly string[];
  readonly seeds: readonly number[];
  /** The checkpoints that all arms have reached. */
  readonly reached: readonly number[];
}

function figuresOf(lines: readonly SearchLine[], objective: string, { arms, seeds, reached }: Compared) {
  const own = lines.filter((line) => line.objective === objective);
  const at = (arm: string, checkpoint: number) =>
    seeds.map((seed) => find(own, { objective, arm, seed })?.best[checkpoint] ?? Number.NaN);
  const last = reached.length - 1;
  const leftOf = (arm: string, index: number) =>
    mean(seeds.map((seed) => find(own, { objective, arm, seed })?.left[index] ?? Number.NaN));
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
      best: reached.map((_, index) => ({
        mean: mean(at(arm, index)),
        se: errorOf(at(arm, index)),
        left: leftOf(arm, index),
      })),
      failedShare: mean(own.filter((line) => line.arm === arm).map(({ failed, trials }) => failed / trials)),
    })),
    left: Object.fromEntries(arms.map((arm) => [arm, reached.map((_, index) => leftOf(arm, index))])),
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
      const cells = best
        .map(({ mean: value, se, left }) =>
          `${value.toFixed(4)} ± ${se.toFixed(4)}, ${round(left * 100, 1)} %`.padEnd(27),
        )
        .join('');
      return `  ${arm.padEnd(12)} ${cells} ${round(failedShare * 100, 1)} % failed`;
    }),
    ...tests.map(({ a, b, lower, p }) => `  ${a} is ${lower.toFixed(4)} lower than ${b}, p = ${p.toFixed(4)}`),
  ];
}
