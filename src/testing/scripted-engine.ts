/**
 * An engine for tests of the loop: a function says how each job ends, which it does at once. No process is started.
 * Like a real engine it finds a job again by its folder, where it keeps a file of its own.
 */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import type { Engine, Job, JobEnd, JobKey, JobState, Stage } from '../ports/engine.ts';

/** What a job does. */
export interface ScriptedRun {
  /** What each stage prints; a stage that is absent prints nothing and leaves no log. */
  readonly log: Readonly<Partial<Record<Stage['name'], string>>>;
  /** How it ends; undefined for a job that runs until it is cancelled. */
  readonly end: JobEnd | undefined;
  /** Files it leaves in its run folder, such as `metrics.json`. */
  readonly files?: Readonly<Record<string, string>>;
}

export interface ScriptedEngine extends Engine {
  /** Every job that was started, in order. */
  readonly jobs: readonly Job[];
}

/** What the engine stores of a started job; a job without an end still runs. */
type JobMemory = Pick<ScriptedRun, 'log' | 'end'>;

/** An engine whose jobs do what the script says. */
export function createScriptedEngine(script: (job: Job) => ScriptedRun): ScriptedEngine {
  const jobs: Job[] = [];

  async function submit(job: Job): Promise<void> {
    if (recall(job)) return;
    jobs.push(job);
    const { log, files = {}, end } = script(job);
    // Nothing is awaited before this, so that of two submissions at once the second finds the job.
    remember(job, { log, end });
    const runFolder = job.stages[0]?.env.NOCTURNE_RUN_DIR ?? job.folder;
    for (const [name, text] of Object.entries(files)) await writeInto(runFolder, name, text);
  }

  async function poll(job: Job, waitSeconds: number): Promise<JobState> {
    const until = performance.now() + waitSeconds * 1000;
    for (;;) {
      const known = recall(job);
      if (!known) return { kind: 'lost', reason: 'it was never started' };
      if (known.end) return { kind: 'ended', end: known.end };
      if (performance.now() >= until) return { kind: 'running', elapsedSeconds: 0, stage: job.stages[0]?.name };
      await setTimeout(2);
    }
  }

  async function cancel(job: Job): Promise<void> {
    const known = recall(job);
    if (known && !known.end) remember(job, { ...known, end: { ending: 'cancelled', stages: [], seconds: 0 } });
  }

  return {
    slots: 1,
    jobs,
    submit,
    poll,
    cancel,
    wasStarted: async (job) => recall(job) !== undefined,
    readLogEnd: async (job, stage, maxBytes) => {
      const log = logOf(job, stage);
      return log.toString('utf8', Math.max(0, log.length - maxBytes));
    },
    tail: async (job, stage, fromByte) => {
      const log = logOf(job, stage);
      const next = endOfPiece(log, fromByte);
      return { text: log.toString('utf8', fromByte, next), next };
    },
    collect: async () => {},
  };
}

/** A run that exits 0 at once, having printed its score. */
export function scoringRun(metric: string, value: number | string): ScriptedRun {
  const stage = { name: 'train', exitCode: 0, signal: null, seconds: 1, cpuSeconds: 1 } as const;
  return { log: { train: `---\n${metric}: ${value}\n` }, end: { ending: 'exited', stages: [stage], seconds: 1 } };
}

const memoryName = 'scripted-job.json';
const pieceBytes = 64 * 1024;

function recall({ folder }: JobKey): JobMemory | undefined {
  const path = join(folder, memoryName);
  return existsSync(path) ? JSON.parse(readFileSync(path, 'utf8')) : undefined;
}

function remember({ folder }: JobKey, memory: JobMemory): void {
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, memoryName), JSON.stringify(memory));
}

function logOf(job: JobKey, stage: Stage['name']): Buffer {
  return Buffer.from(recall(job)?.log[stage] ?? '');
}

/** The end of a piece of at most 64 KiB, moved back so that no character of several bytes is cut. */
function endOfPiece(log: Buffer, fromByte: number): number {
  let end = Math.min(log.length, fromByte + pieceBytes);
  while (end < log.length && (log.readUInt8(end) & 0xc0) === 0x80) end -= 1;
  return end;
}

async function writeInto(folder: string, name: string, text: string): Promise<void> {
  const path = join(folder, name);
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, text);
}
