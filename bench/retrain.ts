/**
 * Does each kept commit of a finished study retrain to what was reported? Every one is trained on fresh seeds, and the
 * difference is held against two standard errors: 2 sigma sqrt(1/n + 1/k), with the study's own sigma.
 */
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { findStudy } from '../src/cli/study-folder/studies.ts';
import { ok } from '../src/core/base/errors.ts';
import { type ExperimentRecord, valuesOf } from '../src/core/journal/history.ts';
import { pooledNoise } from '../src/core/journal/noise.ts';
import { mean } from '../src/core/statistics/moments.ts';
import { readFlag } from './flags.ts';
import { measureFresh } from './measure-fresh.ts';
import { type BenchReport, machine, round } from './report.ts';

const freshSeeds = [901, 902, 903, 904, 905];

interface Retrained {
  readonly experiment: number;
  readonly runs: number;
  /** What the study says of it: the policy's estimate where there is one, else the mean of its runs. */
  readonly reported: number;
  readonly meanOfRuns: number;
  readonly retrained: readonly number[];
  readonly difference: number;
  readonly bound: number;
  readonly isWithin: boolean;
}

/** Retrains the baseline and each kept commit of the study of `--project`, one after the other. */
export async function benchRetrain(): Promise<BenchReport> {
  const project = readFlag('project');
  ok(
    project !== undefined,
    'bench -- retrain needs --project FOLDER, the folder of a finished study on the tiny sandbox',
  );
  const { history, folder } = findStudy(project, readFlag('tag'));
  const noise = pooledNoise(history);
  ok(noise !== undefined, 'a study with a baseline knows its noise');
  const work = await mkdtemp(join(tmpdir(), 'nocturne-retrain-'));
  const rows: Retrained[] = [];
  for (const record of history.experiments.filter((each) => each.kept !== undefined)) {
    const retrained = await measureFresh({
      ...{ project: resolve(project), study: folder, commit: record.kept ?? '', seeds: freshSeeds },
      ...{ folder: join(work, String(record.experiment)), python: history.interpreter },
      budgetSeconds: history.frozen.budgetSeconds,
    });
    rows.push(rowOf(record, retrained, noise.sigma));
    process.stderr.write(`${JSON.stringify(rows.at(-1))}\n`);
  }
  const { metric, budgetSeconds } = history.frozen;
  const figures = { metric: metric.name, budgetSeconds, sigma: noise.sigma, freshSeeds, machine: machine(), rows };
  return { figures, table: tableOf(rows, noise.sigma) };
}

function rowOf(record: ExperimentRecord, retrained: readonly number[], sigma: number): Retrained {
  const values = valuesOf(record);
  const reported = record.verdict?.statistics?.estimate?.candidate ?? mean(values);
  const difference = mean(retrained) - reported;
  const bound = 2 * sigma * Math.sqrt(1 / values.length + 1 / retrained.length);
  return {
    experiment: record.experiment,
    runs: values.length,
    reported,
    meanOfRuns: mean(values),
    retrained,
    difference,
    bound,
    isWithin: Math.abs(difference) <= bound,
  };
}

function tableOf(rows: readonly Retrained[], sigma: number): string[] {
  const within = rows.filter((row) => row.isWithin).length;
  return [
    '| # | runs | reported | mean of its runs | retrained, 5 fresh seeds | difference | bound | within |',
    '|---|---|---|---|---|---|---|---|',
    ...rows.map((row) => {
      const [reported, own, again] = [row.reported, row.meanOfRuns, mean(row.retrained)].map((each) => round(each, 4));
      const [difference, bound] = [round(row.difference, 4), round(row.bound, 4)];
      const cells = [row.experiment, row.runs, reported, own, again, difference, bound, row.isWithin ? 'yes' : 'no'];
      return `| ${cells.join(' | ')} |`;
    }),
    '',
    `${within} of ${rows.length} within two standard errors; sigma ${round(sigma, 4)}; ${machine()}`,
  ];
}
