/**
 * An engine for tests of the loop: every job ends at once, as a function says. It starts no process; like a real engine
 * it leaves logs and result in the job's folder and finds a job again by them.
 */
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { contentOf, readEnd, writeEnd } from '../adapters/engines/job-files.ts';
import { readLog } from '../adapters/engines/log-tail.ts';
import type { Engine, Job, JobEnd, JobState } from '../ports/engine.ts';

/** What a job does. */
export interface ScriptedRun {
  /** What each stage prints; a stage that is absent prints nothing and leaves no log. */
  readonly log: { readonly train?: string; readonly score?: string };
  /** How it ends; undefined for a job that runs until it is cancelled. */
  readonly end: JobEnd | undefined;
  /** Files it leaves in its run folder, such as `metrics.json`. */
  readonly files?: Readonly<Record<string, string>>;
}

export interface ScriptedEngine extends Engine {
  /** Every job that was started, in order. */
  readonly jobs: readonly Job[];
}

/** An engine whose jobs do what the script says. */
export function createScriptedEngine(script: (job: Job) => ScriptedRun): ScriptedEngine {
  const jobs: Job[] = [];
  const isStarted = (job: Job) => jobs.some((started) => started.folder === job.folder);

  async function submit(job: Job): Promise<void> {
    const before = await readEnd(job);
    if (before.kind !== 'absent' || isStarted(job)) return;
    jobs.push(job);
    const { log, files = {}, end } = script(job);
    const runFolder = job.stages[0]?.env.NOCTURNE_RUN_DIR ?? job.folder;
    for (const [stage, text] of Object.entries(log)) await writeInto(job.folder, `${stage}.log`, text);
    for (const [name, text] of Object.entries(files)) await writeInto(runFolder, name, text);
    if (end) await writeEnd(job, end);
  }

  async function poll(job: Job, waitSeconds: number): Promise<JobState> {
    const until = performance.now() + waitSeconds * 1000;
    for (;;) {
      const end = contentOf(await readEnd(job));
      if (end) return { kind: 'ended', end };
      if (!isStarted(job)) return { kind: 'lost', reason: 'it was never started' };
      if (performance.now() >= until) return { kind: 'running', elapsedSeconds: 0 };
      await setTimeout(2);
    }
  }

  async function cancel(job: Job): Promise<void> {
    if ((await poll(job, 0)).kind === 'running') await writeEnd(job, { ending: 'cancelled', stages: [], seconds: 0 });
  }

  return {
    slots: 1,
    jobs,
    submit,
    poll,
    cancel,
    tail: (job, stage, fromByte) => readLog(join(job.folder, `${stage}.log`), fromByte),
    collect: async () => {},
  };
}

/** A run that exits 0 at once, having printed its score. */
export function scoringRun(metric: string, value: number | string): ScriptedRun {
  const stage = { name: 'train', exitCode: 0, signal: null, seconds: 1, cpuSeconds: 1 } as const;
  return { log: { train: `---\n${metric}: ${value}\n` }, end: { ending: 'exited', stages: [stage], seconds: 1 } };
}

async function writeInto(folder: string, name: string, text: string): Promise<void> {
  const path = join(folder, name);
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, text);
}
