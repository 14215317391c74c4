/**
 * The notes of what an engine rented for a study: written before the service is asked for anything, and removed only once the service
 * has said that nothing is left. Whoever finds one, such as the next start or `nocturne stop`, gives back what it names.
 */
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { ArchiveError } from '../../core/base/errors.ts';
import { readJson } from '../files/read-json.ts';
import { writeWhole } from '../files/write-whole.ts';

/** What is, or may be, rented. */
export interface Rented {
  /** Its name at the service, of our own choice. */
  readonly name: string;
  /** When it was asked for, as an ISO time; for people. */
  readonly since: string;
}

const schema: z.ZodType<Rented> = z.object({ name: z.string().min(1), since: z.string() });

/** Notes that the engine is about to rent this for the study; survives a power cut. */
export async function writeRented(studyFolder: string, engine: string, rented: Rented): Promise<void> {
  await writeWhole(pathOf(studyFolder, engine), JSON.stringify(rented));
}

/** What the engine may hold for the study; undefined where it holds nothing. A note that cannot be read is an ArchiveError. */
export async function readRented(studyFolder: string, engine: string): Promise<Rented | undefined> {
  const path = pathOf(studyFolder, engine);
  const note = await readJson(path, schema);
  if (note.kind === 'read') return note.value;
  if (note.kind === 'absent') return undefined;
  throw new ArchiveError(`${path} should name what ${engine} holds for this study, found: ${note.found}.`, {
    hint: `Look at the service itself whether something is still rented, then delete the file.`,
  });
}

/** Forgets it, once the service has said that it is gone. */
export async function forgetRented(studyFolder: string, engine: string): Promise<void> {
  await rm(pathOf(studyFolder, engine), { force: true });
}

function pathOf(studyFolder: string, engine: string): string {
  return join(studyFolder, `rented-${engine}.json`);
}
