/**
 * The files in a job's folder that say what it shall do, that it has started and how it ended. Each is either absent or
 * whole, because it is renamed into place.
 */
import { randomUUID } from 'node:crypto';
import { constants } from 'node:fs';
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { machineConditionsSchema } from '../../core/journal/conditions.ts';
import type { Job, JobEnd } from '../../ports/engine.ts';
import type { ProcessIdentity } from './process-identity.ts';

/** What `started.json` says: which process supervises the job, and since when. */
export interface JobStart extends ProcessIdentity {
  readonly startedAt: string;
}
const startSchema: z.ZodType<JobStart> = z.object({
  pid: z.number().int().min(1),
  startTime: z.string(),
  bootId: z.string(),
  startedAt: z.iso.datetime({ offset: true }),
});

const seconds = z.number().nonnegative();
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
    }),
  ),
  seconds,
});

/** A file's content; `malformed` when something else is in its place. */
type Reading<Value> =
  | { readonly kind: 'read'; readonly value: Value }
  | { readonly kind: 'absent' }
  | { readonly kind: 'malformed' };

/** The value that was read, if it was. */
export function contentOf<Value>(reading: Reading<Value>): Value | undefined {
  return reading.kind === 'read' ? reading.value : undefined;
}

/** Where the job is described for its supervisor. */
export function specPath(job: Job): string {
  return join(job.folder, 'spec.json');
}

/** Describes the job for its supervisor, in a folder that need not exist. */
export async function writeSpec(job: Job): Promise<void> {
  await mkdir(job.folder, { recursive: true });
  const spec = { folder: job.folder, stages: job.stages, limitSeconds: job.limitSeconds };
  // Read at once and never again, so it need not survive a power cut.
  await writeJson(specPath(job), spec, false);
}

/** Which process supervises the job, if it was started. */
export async function readStart(job: Job): Promise<Reading<JobStart>> {
  return readJson(join(job.folder, 'started.json'), startSchema);
}

/** How the job ended, if it did. */
export async function readEnd(job: Job): Promise<Reading<JobEnd>> {
  return readJson(join(job.folder, 'result.json'), endSchema);
}

/** Ends a job whose supervisor can no longer do so. */
export async function writeEnd(job: Job, end: JobEnd): Promise<void> {
  await mkdir(job.folder, { recursive: true });
  await writeJson(join(job.folder, 'result.json'), end, true);
}

async function writeJson(path: string, value: unknown, flush: boolean): Promise<void> {
  const temporary = `${path}.${randomUUID()}`;
  await writeFile(temporary, JSON.stringify(value), { flush });
  await rename(temporary, path);
}

async function readJson<Value>(path: string, schema: z.ZodType<Value>): Promise<Reading<Value>> {
  try {
    return {
      kind: 'read',
      value: schema.parse(
        JSON.parse(await readFile(path, { encoding: 'utf8', flag: constants.O_RDONLY | constants.O_NONBLOCK })),
      ),
    };
  } catch (error) {
    return { kind: error instanceof Error && 'code' in error && error.code === 'ENOENT' ? 'absent' : 'malformed' };
  }
}
