/**
 * What is remembered of a job that runs on a rented machine. Whoever finds it looks for the job in the machine's queue, by its name,
 * before it submits again.
 */
import { randomBytes } from 'node:crypto';
import { z } from 'zod';
import type { JobKey } from '../../../ports/engine.ts';
import { jobRecords } from '../travel/job-records.ts';

const schema = z.object({
  /** The job's name in the machine's queue. */
  name: z.string().regex(/^[\w-]+$/),
  /** The machine that it was given to; absent before that. */
  machine: z.string().optional(),
  /** Its number in the machine's queue; absent where it is not known whether that has it. */
  number: z.int().optional(),
});
export type SkyRecord = z.infer<typeof schema>;

/** `skypilot.json` of each job. */
export const skyRecords = jobRecords<SkyRecord>('skypilot.json', schema);

/** A record of a job that is to be submitted, for `make`. */
export function freshRecord({ id }: JobKey): SkyRecord {
  return { name: `nocturne-${id}-${randomBytes(3).toString('hex')}`.replaceAll(/[^\w-]+/g, '-') };
}
