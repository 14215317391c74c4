/**
 * What is remembered of a job that runs on a rented machine, in its folder. It is written before the job is submitted: whoever finds
 * it looks for the job in the machine's queue, by its name, before it submits again.
 */
import { randomBytes } from 'node:crypto';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import type { JobKey } from '../../../ports/engine.ts';
import { contentOf, readJson } from '../../files/read-json.ts';
import { writeWhole } from '../../files/write-whole.ts';

const schema = z.object({
  /** The job's name in the machine's queue. */
  name: z.string().regex(/^[\w-]+$/),
  /** The machine that it was given to; absent before that. */
  machine: z.string().optional(),
  /** Its number in the machine's queue; absent where it is not known whether that has it. */
  number: z.int().optional(),
});
export type SkyRecord = z.infer<typeof schema>;

/** What is remembered of the job, if it was ever to be submitted. */
export async function readRecord(job: JobKey): Promise<SkyRecord | undefined> {
  return contentOf(await readJson(pathOf(job), schema));
}

/** The record of a job that is to be submitted: the one that is there, or a new one. */
export async function makeRecord(job: JobKey): Promise<SkyRecord> {
  const fresh = { name: `nocturne-${job.id}-${randomBytes(3).toString('hex')}`.replaceAll(/[^\w-]+/g, '-') };
  await mkdir(job.folder, { recursive: true });
  // Of two that do this at once, one writes.
  await writeFile(pathOf(job), JSON.stringify(fresh), { flag: 'wx', flush: true }).catch(() => {});
  const found = await readRecord(job);
  if (found) return found;
  await writeRecord(job, fresh);
  return fresh;
}

/** Remembers the job so. */
export async function writeRecord(job: JobKey, record: SkyRecord): Promise<void> {
  await writeWhole(pathOf(job), JSON.stringify(record));
}

/** Forgets that the job was ever submitted. */
export async function forgetRecord(job: JobKey): Promise<void> {
  await rm(pathOf(job), { force: true });
}

function pathOf(job: JobKey): string {
  return join(job.folder, 'skypilot.json');
}
