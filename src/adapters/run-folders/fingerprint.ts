/**
 * Recognises whether files changed: cheaply by what the file system says of them, and by content where that differs.
 *
 * The change time (ctime) cannot be set by a program, so a tree whose stats are as before is taken as unchanged. Until runs
 * are isolated this notices tampering; it does not prevent it.
 */
import { createHash } from 'node:crypto';
import { type BigIntStats, createReadStream } from 'node:fs';
import { lstat, readdir, readlink } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { z } from 'zod';

/** Path below the root -> what the file system says, and the content's hash. */
export type Fingerprint = Readonly<Record<string, { readonly stat: string; readonly hash: string }>>;
export const fingerprintSchema: z.ZodType<Fingerprint> = z.record(
  z.string(),
  z.object({ stat: z.string(), hash: z.string() }),
);

/** The longest file of fingerprints that is read: 512 MiB are some three million files. */
export const maxSealBytes = 1 << 29;

/**
 * Python writes bytecode beside whatever it imports, and a virtual environment is the interpreter's, not the study's. The
 * scorer reads no bytecode from such folders (its environment names a folder of its own).
 */
const unwatched = new Set(['__pycache__', '.venv']);

/** The fingerprint of everything below a folder, or of one file; an absent path has an empty one. */
export async function takeFingerprint(root: string): Promise<Fingerprint> {
  const marks: Record<string, { stat: string; hash: string }> = {};
  for (const [path, stat] of await statTree(root)) {
    marks[path] = { stat: describe(stat), hash: await hashOf(join(root, path), stat) };
  }
  return marks;
}

/** The first path that is gone, of another content or, unless additions are allowed, new; undefined when all is as it was. */
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
  // A folder that training code has locked counts as one strange file: what was in it before is gone.
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
