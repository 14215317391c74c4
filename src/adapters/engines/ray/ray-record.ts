/**
 * What is remembered of a job that runs on a Ray cluster: under which id, and on which life of which cluster. Whoever finds it submits
 * under the same id, of which Ray starts one job.
 */
import { randomBytes } from 'node:crypto';
import { z } from 'zod';
import type { JobKey } from '../../../ports/engine.ts';
import { jobRecords } from '../travel/job-records.ts';

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

/** `ray.json` of each job. */
export const rayRecords = jobRecords<RayRecord>('ray.json', schema);

/** A record of a job that is to be submitted, for `make`. */
export function freshRecord({ id }: JobKey, study: string, address: string): RayRecord {
  const nonce = randomBytes(4).toString('hex');
  const name = `nocturne-${study}-${id}-${nonce}`.replaceAll(/[^\w-]+/g, '-');
  return { address, name, attempt: 1, isSubmitted: false, session: '' };
}
