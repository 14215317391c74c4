/**
 * What is remembered of a job that runs on a Ray cluster, in its folder: under which id, and on which life of which cluster.
 *
 * It is written before the job is submitted: whoever finds it submits under the same id, of which Ray starts one job.
 */
import { randomBytes } from 'node:crypto';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import type { JobKey } from '../../../ports/engine.ts';
import { type JsonFile, readJson } from '../../files/read-json.ts';
import { writeWhole } from '../../files/write-whole.ts';

const schema = z.object({
  address: z.string(),
  /** The name of this start of the job; Ray's ids are made of it. */
  name: z.string().regex(/^[\w-]+$/),
  /** Counts the ids: Ray drops a job that waited too long in its queue, and takes no id twice. */
  attempt: z.number().int().min(1),
  /** Whether Ray has taken the job under the present id. */
  isSubmitted: z.boolean(),
  /** The cluster's name of its own life, which a new head changes; empty until it was asked. */
  session: z.string(),
});
export type RayRecord = z.infer<typeof schema>;

/** The id under which Ray knows the job. */
export function submissionId({ name, attempt }: RayRecord): string {
  return attempt === 1 ? name : `${name}-${attempt}`;
}

/** What is remembered of the job, if it was ever to be submitted. */
export async function readRecord(job: JobKey): Promise<JsonFile<RayRecord>> {
  return readJson(pathOf(job), schema);
}

/** The record of a job that is to be submitted: the one that is there, or a new one. */
export async function makeRecord(job: JobKey, study: string, address: string): Promise<RayRecord> {
  const nonce = randomBytes(4).toString('hex');
  const name = `nocturne-${study}-${job.id}-${nonce}`.replaceAll(/[^\w-]+/g, '-');
  const fresh: RayRecord = { address, name, attempt: 1, isSubmitted: false, session: '' };
  await mkdir(job.folder, { recursive: true });
  // Of two that do this at once, one writes.
  await writeFile(pathOf(job), JSON.stringify(fresh), { flag: 'wx', flush: true }).catch(() => {});
  const found = await readRecord(job);
  if (found.kind === 'read') return found.value;
  await writeRecord(job, fresh);
  return fresh;
}

/** Remembers the job so. */
export async function writeRecord(job: JobKey, record: RayRecord): Promise<void> {
  await writeWhole(pathOf(job), JSON.stringify(record));
}

/** Forgets that the job was ever submitted. */
export async function forgetRecord(job: JobKey): Promise<void> {
  await rm(pathOf(job), { force: true });
}

function pathOf(job: JobKey): string {
  return join(job.folder, 'ray.json');
}
