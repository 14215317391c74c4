/**
 * The files in a job's folder: its spec (`spec.json`), its start (`started.json`), its end (`result.json`) and its
 * logs. The first three are absent or whole, because they are renamed into place; training code can write over any of
 * them.
 */
import { lstat, mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { machineConditionsSchema } from '../../core/journal/conditions.ts';
import { whereSchema } from '../../core/journal/where.ts';
import type { Job, JobEnd, JobKey, JobReader, Stage } from '../../ports/engine.ts';
import { readTextEnd } from '../files/read-file.ts';
import { contentOf, type JsonFile, readJson } from '../files/read-json.ts';
import { writeWhole } from '../files/write-whole.ts';
import type { ProcessIdentity } from './process-identity.ts';

/** What `started.json` says: which process supervises the job, and since when. */
export interface JobStart extends ProcessIdentity {
  readonly startedAt: string;
  /** The same on the machine's monotonic clock, seconds; absent in a file of an older version. */
  readonly monotonic?: number | undefined;
}
const startSchema: z.ZodType<JobStart> = z.object({
  pid: z.number().int().min(1),
  startTime: z.string(),
  bootId: z.string(),
  startedAt: z.iso.datetime({ offset: true }),
  monotonic: z.number().optional(),
});

const seconds = z.number().nonnegative();
const arrival = z.object({ seconds, cpuSeconds: seconds });
const endSchema = z.object({
  ending: z.enum(['exited', 'deadline', 'cancelled']),
  stages: z.array(
    z.object({
      name: z.enum(['prepare', 'train', 'score']),
      exitCode: z.number().int().nullable(),
      signal: z.string().nullable(),
      seconds,
      cpuSeconds: seconds,
      conditions: machineConditionsSchema.optional(),
      progress: z.object({ first: arrival, last: arrival }).optional(),
      peakMemoryMb: seconds.optional(),
      peakGpuMemoryMb: seconds.optional(),
      opened: z.array(z.string()).optional(),
      atBudget: z.boolean().optional(),
      cageFailure: z.string().optional(),
    }),
  ),
  seconds,
  changed: z.array(z.string()).optional(),
  touched: z.array(z.string()).optional(),
  where: whereSchema.optional(),
});

/** Reads the jobs of the local engine from their folders; works in any process. */
export const localJobs: JobReader = {
  wasStarted: async (job) => {
    const [start, end] = await Promise.all([readJobStart(job), readJobEnd(job)]);
    if (cageFailureOf(end) !== undefined) return false;
    return [start, end].some((file) => file.kind !== 'absent');
  },
  readLogEnd: async (job, stage, maxBytes) => (await readTextEnd(logPath(job, stage), maxBytes)) ?? '',
};

/** Path of the job's spec, which its supervisor reads. */
export function specPath(job: JobKey): string {
  return join(job.folder, 'spec.json');
}

/** Path of the log to which the supervisor writes what a stage prints. */
export function logPath(job: JobKey, stage: Stage['name']): string {
  return join(job.folder, `${stage}.log`);
}

/** The stage that runs now: the last one with a log, unless that has ended. */
export async function runningStage(job: Job): Promise<Stage['name'] | undefined> {
  const seen = await Promise.all(
    job.stages.map(async ({ name }) => ({
      name,
      hasBegun: await isThere(logPath(job, name)),
      hasEnded: await isThere(join(job.folder, `${name}.ended`)),
    })),
  );
  const last = seen.findLast(({ hasBegun }) => hasBegun);
  return last?.hasEnded ? undefined : last?.name;
}

async function isThere(path: string): Promise<boolean> {
  return lstat(path).then(
    () => true,
    () => false,
  );
}

/** Writes the job's spec for its supervisor; makes the folder if needed. */
export async function writeSpec(job: Job): Promise<void> {
  await mkdir(job.folder, { recursive: true });
  const { folder, stages, limitSeconds, sealed, mayChange, share, where } = job;
  const spec = { folder, stages, limitSeconds, sealed, mayChange, share, where };
  // The supervisor reads it at once and only once, so it need not survive a power cut.
  await writeWhole(specPath(job), JSON.stringify(spec), { isDurable: false });
}

/** Which process supervises the job, if it was started. */
export async function readJobStart(job: JobKey): Promise<JsonFile<JobStart>> {
  return readJson(join(job.folder, 'started.json'), startSchema, maxBytes);
}

/** How the job ended, if it did. */
export async function readJobEnd(job: JobKey): Promise<JsonFile<JobEnd>> {
  return readJson(join(job.folder, 'result.json'), endSchema, maxBytes);
}

/** Why a stage of an ended job could not enter its cage; undefined where each did. */
export function cageFailureOf(end: JsonFile<JobEnd>): string | undefined {
  return contentOf(end)?.stages.find(({ cageFailure }) => cageFailure !== undefined)?.cageFailure;
}

/** Forgets that the job was started, so that it can be started anew. */
export async function forgetStart(job: JobKey): Promise<void> {
  for (const name of ['result.json', 'started.json']) await rm(join(job.folder, name), { force: true });
}

const maxBytes = 1 << 20;

/** Ends a job whose supervisor can no longer do so; where that cannot be written, the job counts as lost. */
export async function writeJobEnd(job: JobKey, end: JobEnd): Promise<void> {
  const path = join(job.folder, 'result.json');
  await writeWhole(path, JSON.stringify(end)).catch(() => {});
}
