/**
 * What compilers keep of one run for the next: only the baseline's is kept, because what a candidate leaves would be code that
 * later runs and the scorer execute.
 *
 * Compile caches are copied into each run's folder, where it adds its own. The scorer's bytecode is read where it is, and written
 * by the baseline's scorer alone.
 */
import { constants } from 'node:fs';
import { copyFile, mkdir, readdir, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { removeTree } from '../files/remove-tree.ts';
import { entryAt, type Fingerprint, isSameState, lstatOf, markOf } from './fingerprint.ts';

/** What the baseline left, by the content of each file. */
export interface KeptCaches {
  readonly compiled: Fingerprint;
  readonly bytecode: Fingerprint;
}

/** More would cost every run more than compiling anew. */
const maxBytes = 1 << 29;

/** Each variable that names such a cache, and its folder in a run's `caches/`. */
const cacheFolders = {
  TORCHINDUCTOR_CACHE_DIR: 'inductor',
  TRITON_CACHE_DIR: 'triton',
  TORCH_EXTENSIONS_DIR: 'torch-extensions',
  CUDA_CACHE_PATH: 'cuda',
  NUMBA_CACHE_DIR: 'numba',
  CUPY_CACHE_DIR: 'cupy',
} as const;

/** Where a run compiles to. */
export function cachesOf(runFolder: string): string {
  return join(runFolder, 'caches');
}

/** The variables that make a training compile into the run's own folder. */
export function cacheVariables(runFolder: string): Readonly<Record<string, string>> {
  const caches = cachesOf(runFolder);
  return Object.fromEntries(Object.entries(cacheFolders).map(([name, folder]) => [name, join(caches, folder)]));
}

/** Where the scorer's bytecode is, in the study's base folder. */
export function bytecodeOf(baseFolder: string): string {
  return join(baseFolder, 'bytecode');
}

/** Keeps what the baseline's run compiled; too much of it is not kept. */
export async function keepCaches(baseFolder: string, runFolder: string): Promise<KeptCaches> {
  const kept = join(baseFolder, 'caches');
  await removeTree(kept);
  const compiled = await markAll(cachesOf(runFolder));
  const isSmall = Object.values(compiled).reduce((sum, { size }) => sum + size, 0) <= maxBytes;
  if (isSmall) await copyAll(cachesOf(runFolder), kept, Object.keys(compiled));
  return { compiled: isSmall ? compiled : {}, bytecode: await markAll(bytecodeOf(baseFolder)) };
}

/** Gives a run a copy of what the baseline compiled; a file that is not what was kept is left out and removed. */
export async function layCaches(baseFolder: string, kept: KeptCaches | undefined, runFolder: string): Promise<void> {
  const [from, to] = [join(baseFolder, 'caches'), cachesOf(runFolder)];
  await removeTree(to);
  await mkdir(to, { recursive: true });
  const compiled = Object.entries(kept?.compiled ?? {});
  await copyAll(
    from,
    to,
    compiled.map(([path]) => path),
  );
  for (const [path, { hash }] of compiled) {
    const copy = join(to, path);
    const entry = entryAt(copy);
    if (entry && (await markOf(copy, entry)).hash === hash) continue;
    await Promise.all([copy, join(from, path)].map((place) => rm(place, { recursive: true, force: true })));
  }
}

/**
 * Removes from the scorer's bytecode what the baseline did not leave: Python does without it. Thorough: by content, where
 * somebody may have made it look untouched.
 */
export async function mendBytecode(baseFolder: string, { bytecode }: KeptCaches, isThorough: boolean): Promise<void> {
  const folder = bytecodeOf(baseFolder);
  for (const path of await filesBelow(folder)) {
    const [place, mark] = [join(folder, path), bytecode[path]];
    const entry = entryAt(place);
    if (!entry) continue;
    const isKept = mark !== undefined && !isThorough && isSameState(mark, entry);
    if (isKept || (mark !== undefined && mark.hash === (await markOf(place, entry)).hash)) continue;
    await rm(place, { force: true });
  }
}

async function markAll(folder: string): Promise<Fingerprint> {
  const marks: Record<string, Fingerprint[string]> = {};
  for (const path of await filesBelow(folder)) {
    const place = join(folder, path);
    const entry = entryAt(place);
    // A link would be read from elsewhere.
    if (entry && entry.kind === undefined) marks[path] = await markOf(place, entry);
  }
  return marks;
}

/** Files by whatever name: an interpreter may lie below a `.venv`. */
async function filesBelow(folder: string): Promise<string[]> {
  if (!lstatOf(folder)?.isDirectory()) return [];
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => !entry.isDirectory())
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1));
}

async function copyAll(from: string, to: string, paths: readonly string[]): Promise<void> {
  for (const folder of new Set(paths.map((path) => dirname(join(to, path))))) await mkdir(folder, { recursive: true });
  // What cannot be copied is compiled again.
  for (const path of paths) {
    await copyFile(join(from, path), join(to, path), constants.COPYFILE_FICLONE).catch(() => {});
  }
}
