/**
 * A worker process: is sent a cell and sends its studies back.
 */
import { type Job, runJob } from './jobs.ts';

process.on('message', async (job: Job) => process.send?.(await runJob(job)));
