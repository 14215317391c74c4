/**
 * A worker process: takes a cell, gives its studies back.
 */
import { type Job, runJob } from './jobs.ts';

process.on('message', (job: Job) => process.send?.(runJob(job)));
