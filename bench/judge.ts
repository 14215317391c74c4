/**
 * Compares the keep policies on simulated studies whose true effects are known: the shipped functions, each given the
 * same effects and noise.
 */
import { type ChildProcess, fork } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { z } from 'zod';
import { countFlag, defineBench } from './bench.ts';
import { judgeFigure } from './judge/figure.ts';
import { besideName, groups, type Job, jobsOf } from './judge/jobs.ts';
import { readReplays } from './judge/replay.ts';
import { replaySummary, replayTable } from './judge/replay-summary.ts';
import type { StudyFigures } from './judge/simulate.ts';
import { type Cell, cellOf, judgeTable } from './judge/tables.ts';
import type { BenchReport } from './report.ts';

const processes = 2;

/** `npm run bench -- judge`. */
export const bench = defineBench('judge', {
  summary:
    'the keep policies on simulated studies whose truth is known: gains, fictions, over-report, power [--seed N] [--replications N] [--only GROUP] [--svg FILE] [--beside CLONE] [--worlds FILE]',
  flags: {
    seed: countFlag(1),
    replications: countFlag(600),
    only: z.enum(groups, `must be one of ${groups.join(', ')}`).optional(),
    svg: z.string().optional(),
    beside: z.string().optional(),
    worlds: z.string().optional(),
  },
  measure,
});

interface JudgeFlags {
  readonly seed: number;
  readonly replications: number;
  readonly only?: Job['group'] | undefined;
  /** Path to which the figure of the mixes is written. */
  readonly svg?: string | undefined;
  /** Folder with a clone of another commit, whose `value` is measured beside this one's in mixes, worlds and replays. */
  readonly beside?: string | undefined;
  /** Path of the public studies to replay, as `bench evidence --worlds` writes them. */
  readonly worlds?: string | undefined;
}

async function measure({ seed, replications, only, svg, beside, worlds }: JudgeFlags): Promise<BenchReport> {
  const replays = worlds === undefined ? [] : await readReplays(worlds);
  const jobs = jobsOf({ seed, replications, clone: beside, replays }).filter(
    ({ group }) => only === undefined || group === only,
  );
  const cells = await simulate(jobs);
  if (svg !== undefined) await writeFile(svg, judgeFigure(cells));
  const halves = replaySummary(cells, replays);
  const figures = { seed, replications, runs: 300, unit: 'one sigma of a run', cells, replays: halves };
  const table = [`seed ${seed}, ${replications} replications`, ...judgeTable(cells), ...replayTable(halves)];
  return { figures, table };
}

async function simulate(jobs: readonly Job[]): Promise<Cell[]> {
  const waiting = [...jobs.keys()];
  const studies = new Array<StudyFigures[]>(jobs.length);
  await Promise.all(
    Array.from({ length: processes }, async () => {
      // Forked, no worker thread: only a process inherits the loader that reads TypeScript.
      const worker = fork(new URL('./judge/worker.ts', import.meta.url), { serialization: 'advanced' });
      for (let index = waiting.shift(); index !== undefined; index = waiting.shift()) {
        studies[index] = await answerOf(worker, jobs[index]);
      }
      worker.disconnect();
    }),
  );
  const sameWorld = (job: Job, arm: string) =>
    studies[jobs.findIndex((other) => other.group === job.group && other.world === job.world && other.arm === arm)];
  return jobs.map((job, index) =>
    cellOf(job, studies[index] ?? [], sameWorld(job, 'greedy') ?? [], sameWorld(job, besideName) ?? []),
  );
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
