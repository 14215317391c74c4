/**
 * Reads a checkpoint of OpenEvolve: `metadata.json` beside `programs/`, or the latest under `checkpoints/`.
 */
import { join } from 'node:path';
import { parseJson } from '../../core/base/parse-json.ts';
import { type LedgerSource, openEvolveSource } from '../../core/imported/json-ledger.ts';
import { isProgram } from '../../core/imported/open-evolve.ts';
import { readText } from '../files/read-file.ts';
import { filesIn, foldersIn } from './folders-in.ts';

/** The programs of a checkpoint; undefined for any other folder. */
export async function openEvolveFolder(folder: string): Promise<LedgerSource | undefined> {
  const places = [folder, ...(await checkpointsIn(join(folder, 'checkpoints'))), ...(await checkpointsIn(folder))];
  for (const place of places) {
    const programs = await programsIn(join(place, 'programs'));
    if (programs.length > 0) return openEvolveSource(programs);
  }
  return undefined;
}

/** The folders `checkpoint_N`, the latest first. */
async function checkpointsIn(folder: string): Promise<readonly string[]> {
  const numbers = (await foldersIn(folder)).flatMap((name) => /^checkpoint_(\d{1,9})$/.exec(name)?.[1] ?? []);
  return numbers.toSorted((a, b) => Number(b) - Number(a)).map((number) => join(folder, `checkpoint_${number}`));
}

async function programsIn(folder: string): Promise<readonly unknown[]> {
  const programs: unknown[] = [];
  for (const name of await filesIn(folder)) {
    if (!name.endsWith('.json')) continue;
    const program = parseJson((await readText(join(folder, name))) ?? '');
    if (isProgram(program)) programs.push(program);
  }
  return programs;
}
