/**
 * Detects whether files changed: first, cheaply, by what `lstat` says; by content only where that differs.
 *
 * A program cannot set the change time (ctime), so a file with the same stat is taken as unchanged. Until runs are
 * isolated this detects tampering but does not prevent it.
 */
import { createHash } from 'node:crypto';
import { type BigIntStats, createReadStream } from 'node:fs';
import { lstat, readdir, readlink } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { z } from 'zod';

/** Path below the root -> its `lstat` figures and its content's hash. */
export type Fingerprint = Readonly<Record<string, { readonly stat: string; readonly hash: string }>>;
export const fingerprintSchema: z.ZodType<Fingerprint> = z.record(
  z.string(),
  z.object({ stat: z.string(), hash: z.string() }),
);

/** Length of a file of fingerprints that is read, in bytes: 512 MiB are some three million files. */
export const maxSealBytes = 1 << 29;

/**
 * Names of folders that may change. Python writes bytecode beside each file that it imports, and a virtual environment
 * belongs to the interpreter, not to the study. The scorer reads no bytecode from such folders, since its environment
 * names another folder for it.
 */
const unwatched = new Set(['__pycache__', '.venv']);

/** The fingerprint of all files below a folder, or of one file; empty for a path that does not exist. */
export async function takeFingerprint(root: string): Promise<Fingerprint> {
  const marks: Record<string, { stat: string; hash: string }> = {};
  for (const [path, stat] of await statTree(root)) {
    marks[path] = { stat: describe(stat), hash: await hashOf(join(root, path), stat) };
  }
  return marks;
}

/**
 * The first path that is gone, has another content or, unless additions are allowed, is new; undefined when nothing
 * changed.
 */
export async function findChange(
  root: string,
  before: Fingerprint,
  { mayAdd = false } = {},
): Promise<string | undefined> {
  const now = await statTree(root);
  const gone = Object.keys(before).find((path) => !now.has(path));
  if (gone !== undefined) return gone;
  for (const [path, stat] of now) {
    const mark = before[path];
    if (!mark && mayAdd) continue;
    if (!mark) return path;
    if (mark.stat !== describe(stat) && mark.hash !== (await hashOf(join(root, path), stat))) return path;
  }
  return undefined;
}

async function statTree(root: string, path = '', found = new Map<string, BigIntStats>()) {
  const stat = await lstat(join(root, path), { bigint: true }).catch(() => undefined);
  if (!stat) return found;
  if (!stat.isDirectory()) return found.set(path, stat);
  const names = await readdir(join(root, path)).catch(() => undefined);
  // A folder that training code made unreadable counts as one new file, and the files that were in it as gone.
  if (!names) return found.set(path, stat);
  for (const name of names.sort()) {
    if (unwatched.has(name)) continue;
    await statTree(root, path === '' ? name : `${path}/${name}`, found);
  }
  return found;
}

function describe(stat: BigIntStats): string {
  return [stat.mode, stat.size, stat.ino, stat.mtimeNs, stat.ctimeNs].join(' ');
}

async function hashOf(path: string, stat: BigIntStats): Promise<string> {
  if (stat.isSymbolicLink()) return `-> ${await readlink(path)}`;
  if (!stat.isFile()) return 'special';
  const hash = createHash('sha256');
  return pipeline(createReadStream(path), hash).then(
    () => hash.digest('hex'),
    () => 'unreadable',
  );
}
