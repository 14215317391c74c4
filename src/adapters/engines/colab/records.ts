/**
 * The CLI's own record of its sessions, by name: read, and written where it has lost one that goes on. No other process writes it
 * meanwhile, since the study has a file of its own and one call at a time.
 */
import { mkdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import { z } from 'zod';
import { contentOf, readJson } from '../../files/read-json.ts';
import { writeWhole } from '../../files/write-whole.ts';

const recordsSchema = z.record(z.string(), z.looseObject({ endpoint: z.string() }));

/** The machine that the CLI has under this name. */
export async function findRecord(stateFile: string, name: string): Promise<string | undefined> {
  return contentOf(await readJson(stateFile, recordsSchema))?.[name]?.endpoint;
}

/** Tells the CLI of a machine; without an expiry of its token it asks the service for address and token before its first use. */
export async function writeRecord(stateFile: string, name: string, endpoint: string): Promise<void> {
  const records = contentOf(await readJson(stateFile, recordsSchema)) ?? {};
  await mkdir(dirname(stateFile), { recursive: true });
  const record = { name, endpoint, token: '', url: '' };
  await writeWhole(stateFile, JSON.stringify({ ...records, [name]: record }, null, 2));
}
