/**
 * What a run writes beside its own files: temporary files and what compilers keep. Each run has folders of its own for them, so
 * that none finds what another one left, and the scorer none of the training's.
 */
import { createHash } from 'node:crypto';
import { mkdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { removeTree } from '../files/remove-tree.ts';
import { bytecodeOf, cachesOf, cacheVariables, type KeptCaches, layCaches } from './baseline-caches.ts';
import { withoutBytecode } from './environment.ts';

/** Variables of each stage. */
export type ScratchVariables = Readonly<Record<'train' | 'score', Readonly<Record<string, string>>>>;

/** No folders of its own, as for a job that was started before. */
export const noScratch: ScratchVariables = { train: withoutBytecode, score: {} };

/** Makes the folders of a run anew; the variables name them. `temporary` is where the owner has temporary files. */
export async function layScratch(
  { baseFolder, kept, isBaseline }: ScratchOptions,
  runFolder: string,
  temporary = tmpdir(),
): Promise<ScratchVariables> {
  await layCaches(baseFolder, kept, runFolder);
  const folder = await makeTemporary(runFolder, temporary);
  const [train, score] = [join(folder, 'train'), join(folder, 'score')];
  for (const each of [train, score]) await mkdir(each, { mode: 0o700 });
  // Until the baseline's is kept, its own scorer writes it, and any other compiles into its own folder.
  const writes = kept === undefined && isBaseline;
  const bytecode = kept === undefined && !isBaseline ? join(score, 'bytecode') : bytecodeOf(baseFolder);
  return {
    train: { ...withoutBytecode, ...temporaryVariables(train), ...cacheVariables(runFolder) },
    score: {
      ...temporaryVariables(score),
      ...cacheVariables(score),
      PYTHONPYCACHEPREFIX: bytecode,
      ...(writes ? {} : withoutBytecode),
    },
  };
}

export interface ScratchOptions {
  /** The study's base folder. */
  readonly baseFolder: string;
  /** What the baseline left; undefined before it has run. */
  readonly kept: KeptCaches | undefined;
  readonly isBaseline: boolean;
}

/** Removes the folders of a run that has ended. */
export async function removeScratch(runFolder: string, temporary = tmpdir()): Promise<void> {
  const places = [cachesOf(runFolder), placeIn(temporary, runFolder), join(runFolder, 'tmp')];
  await Promise.all(places.map(removeTree));
}

function temporaryVariables(folder: string): Readonly<Record<string, string>> {
  return { TMPDIR: folder, TEMP: folder, TMP: folder };
}

/**
 * Not in the run's folder: sockets are made below it, whose whole path may be 100 characters long, and on Colab a study may lie
 * in a mounted drive that has none.
 */
async function makeTemporary(runFolder: string, temporary: string): Promise<string> {
  const place = placeIn(temporary, runFolder);
  try {
    await removeTree(place);
    await mkdir(place, { mode: 0o700 });
    return place;
  } catch {
    // Another user has a folder of this name, or the owner may not write there.
    const own = join(runFolder, 'tmp');
    await removeTree(own);
    await mkdir(own, { recursive: true, mode: 0o700 });
    return own;
  }
}

/** The same after a restart, so that what a killed controller left is found again. */
function placeIn(temporary: string, runFolder: string): string {
  return join(temporary, `nocturne-${createHash('sha256').update(runFolder).digest('hex').slice(0, 12)}`);
}
