/**
 * What an engine remembers of a job that runs elsewhere: a file in the job's folder, which is written before anybody is asked to start
 * it, so that no later controller takes the job for one that was never started.
 */
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { z } from 'zod';
import type { JobKey } from '../../../ports/engine.ts';
import { contentOf, type JsonFile, readJson } from '../../files/read-json.ts';
import { writeWhole } from '../../files/write-whole.ts';

/** The names of such files: they belong to this machine, and do not travel with the job. */
export const recordFiles = ['away.json', 'ray.json', 'skypilot.json'] as const;

/** The records of one engine. */
export interface JobRecords<Value> {
  readonly read: (job: JobKey) => Promise<JsonFile<Value>>;
  /** The record, where there is one that can be read. */
  readonly find: (job: JobKey) => Promise<Value | undefined>;
  /** The record that is there, or this one, which is then there: of two that do this at once, one writes. */
  readonly make: (job: JobKey, fresh: Value) => Promise<Value>;
  /** Remembers the job so, in its folder as it is there, also where a power cut follows. */
  readonly write: (job: JobKey, record: Value) => Promise<void>;
  /** Forgets that the job was ever submitted, so that it can be laid out and submitted anew. */
  readonly forget: (job: JobKey) => Promise<void>;
}

const maxBytes = 1 << 16;

/** The records in files of this name. */
export function jobRecords<Value>(file: (typeof recordFiles)[number], schema: z.ZodType<Value>): JobRecords<Value> {
  const pathOf = ({ folder }: JobKey) => join(folder, file);
  const read = (job: JobKey) => readJson(pathOf(job), schema, maxBytes);
  const find = async (job: JobKey) => contentOf(await read(job));
  const write = (job: JobKey, record: Value) => writeWhole(pathOf(job), JSON.stringify(record));
  return {
    read,
    find,
    write,
    make: async (job, fresh) => {
      await mkdir(job.folder, { recursive: true });
      await writeFile(pathOf(job), JSON.stringify(fresh), { flag: 'wx', flush: true }).catch(() => {});
      const found = await find(job);
      if (found !== undefined) return found;
      await write(job, fresh);
      return fresh;
    },
    forget: (job) => rm(pathOf(job), { force: true }),
  };
}
