/**
 * What this machine knows of a job that a scheduler runs elsewhere: `away.json` in the job's folder, written before the scheduler is
 * asked, so that no later controller takes the job for one that was never started.
 */
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import type { JobKey, JobReader } from '../../../ports/engine.ts';
import { contentOf, readJson } from '../../files/read-json.ts';
import { writeWhole } from '../../files/write-whole.ts';
import { cageFailureOf, localJobs, readJobEnd } from '../job-files.ts';

/** What is known of a job that was submitted. */
export interface AwayRecord {
  /** What this submission of it is called everywhere: `nocturne-0007-run-1-3fa9c2d1`. */
  readonly name: string;
  /** What the scheduler calls it; absent until it has taken it. */
  readonly ref?: string | undefined;
  /** Whether this study wants it ended. */
  readonly isCancelled?: boolean | undefined;
  /** Whether it is over, and its result here, if it has one. */
  readonly isSettled?: boolean | undefined;
  /** Why it is lost, whatever its result says: a machine or the scheduler ended it. */
  readonly loss?: string | undefined;
  /** Whether the machine went, or the scheduler ended it: nothing that the job could have done. */
  readonly isLostByMachine?: boolean | undefined;
}

const schema: z.ZodType<AwayRecord> = z.object({
  name: z.string(),
  ref: z.string().optional(),
  isCancelled: z.boolean().optional(),
  isSettled: z.boolean().optional(),
  loss: z.string().optional(),
  isLostByMachine: z.boolean().optional(),
});
const maxBytes = 1 << 16;

/** The record of a job; undefined for one that was never submitted. */
export async function readAway(job: JobKey): Promise<AwayRecord | undefined> {
  return contentOf(await readJson(join(job.folder, 'away.json'), schema, maxBytes));
}

/** Writes the record, also where a power cut follows. */
export async function writeAway(job: JobKey, record: AwayRecord): Promise<void> {
  await mkdir(job.folder, { recursive: true });
  await writeWhole(join(job.folder, 'away.json'), JSON.stringify(record));
}

/** Forgets that the job was submitted, so that it can be laid out and submitted anew. */
export async function forgetAway(job: JobKey): Promise<void> {
  await rm(join(job.folder, 'away.json'), { force: true });
}

/** Reads jobs that ran elsewhere and came home, and what is known of those that have not; works in any process. */
export const awayJobs: JobReader = {
  wasStarted: async (job) => {
    if (cageFailureOf(await readJobEnd(job)) !== undefined) return false;
    return (await readAway(job)) !== undefined || localJobs.wasStarted(job);
  },
  readLogEnd: localJobs.readLogEnd,
};
