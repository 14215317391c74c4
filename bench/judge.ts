/**
 * The keep policies on simulated studies whose truth is known: the shipped functions, paired on the same effects and noise.
 */
import { type ChildProcess, fork } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { parseStrictNumber } from '../src/core/base/strict-number.ts';
import { readFlag } from './flags.ts';
import { judgeFigure } from './judge/figure.ts';
import { type Job, jobsOf } from './judge/jobs.ts';
import type { StudyFigures } from './judge/simulate.ts';
import { type Cell, cellOf, judgeTable } from './judge/tables.ts';
import type { BenchReport } from './report.ts';

const processes = 2;

/** `--seed N` (1), `--replications N` (600), `--only mixes|a/a|power|worlds` and `--svg FILE` for the figure of the mixes. */
export async function benchJudge(): Promise<BenchReport> {
  const seed = numberFlag('seed', 1);
  const replications = numberFlag('replications', 600);
  const only = readFlag('only');
  const jobs = jobsOf(seed, replications).filter(({ group }) => only === undefined || group === only);
  const cells = await simulate(jobs);
  const svg = readFlag('svg');
  if (svg !== undefined) await writeFile(svg, judgeFigure(cells));
  const figures = { bench: 'judge', seed, replications, runs: 300, unit: 'one sigma of a run', cells };
  return { figures, table: [`seed ${seed}, ${replications} replications`, ...judgeTable(cells)] };
}

/** The whole number after a flag. */
function numberFlag(name: string, otherwise: number): number {
  const text = readFlag(name);
  if (text === undefined && !process.argv.includes(`--${name}`)) return otherwise;
  const value = parseStrictNumber(text ?? '')?.value;
  if (value !== undefined && Number.isInteger(value) && value >= 1) return value;
  throw new Error(`--${name} must be a whole number of at least 1, found ${text ?? 'nothing'}`);
}

async function simulate(jobs: readonly Job[]): Promise<Cell[]> {
  const waiting = [...jobs.keys()];
  const studies = new Array<StudyFigures[]>(jobs.length);
  await Promise.all(
    Array.from({ length: processes }, async () => {
      // A worker thread would not know how to read TypeScript; a forked process inherits it.
      const worker = fork(new URL('./judge/worker.ts', import.meta.url), { serialization: 'advanced' });
      for (let index = waiting.shift(); index !== undefined; index = waiting.shift()) {
        studies[index] = await answerOf(worker, jobs[index]);
      }
      worker.disconnect();
    }),
  );
  return jobs.map((job, index) =>
    cellOf(job, studies[index] ?? [], studies[jobs.findIndex((other) => isBase(job, other))] ?? []),
  );
}

/** What a cell is compared with, study by study. */
function isBase(job: Job, other: Job): boolean {
  return other.group === job.group && other.world === job.world && other.arm === 'greedy';
}

function answerOf(worker: ChildProcess, job: Job | undefined): Promise<StudyFigures[]> {
  return new Promise((resolve, reject) => {
    const fail = () => reject(new Error('a worker ended before its answer'));
    worker.once('exit', fail);
    worker.once('message', (answer) => {
      worker.off('exit', fail);
      resolve(answer as StudyFigures[]);
    });
    worker.send(job as Job);
  });
}
