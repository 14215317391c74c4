/**
 * What this machine knows of a job that a scheduler runs elsewhere.
 */
import { z } from 'zod';
import type { JobReader } from '../../../ports/engine.ts';
import { cageFailureOf, localJobs, readJobEnd } from '../job-files.ts';
import { jobRecords } from './job-records.ts';

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

/** `away.json` of each job. */
export const awayRecords = jobRecords('away.json', schema);

/** Reads jobs that ran elsewhere and came home, and what is known of those that have not; works in any process. */
export const awayJobs: JobReader = {
  wasStarted: async (job) => {
    if (cageFailureOf(await readJobEnd(job)) !== undefined) return false;
    return (await awayRecords.find(job)) !== undefined || localJobs.wasStarted(job);
  },
  readLogEnd: localJobs.readLogEnd,
};
