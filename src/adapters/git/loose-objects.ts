/**
 * Objects as git keeps them one by one: each a compressed file named by its hash.
 *
 * They are written here and not by git, which would leave unfinished files and a crash report in the owner's repository when this
 * process dies while it speaks to git. An object is whole in the study's folder before it gets its name in the repository.
 * https://git-scm.com/docs/gitrepository-layout
 */
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { copyFile, mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { deflate } from 'node:zlib';

export interface GitObject {
  /** In hexadecimal. */
  readonly id: string;
  readonly kind: 'blob' | 'tree' | 'commit';
  readonly content: Buffer;
}

/** The object with this content, in a repository whose names have so many hexadecimal digits: 40, or 64 with SHA-256. */
export function objectOf(kind: GitObject['kind'], content: Buffer, digits: number): GitObject {
  const id = createHash(digits === 64 ? 'sha256' : 'sha1')
    .update(headerOf(kind, content))
    .update(content)
    .digest('hex');
  return { id, kind, content };
}

function headerOf(kind: GitObject['kind'], content: Buffer): Buffer {
  return Buffer.from(`${kind} ${content.length}\0`);
}

const compress = promisify(deflate);

/** The bytes of its file. */
export async function looseBytes({ kind, content }: GitObject, level = 1): Promise<Buffer> {
  return compress(Buffer.concat([headerOf(kind, content), content]), { level });
}

/** Where its file lies below a folder of objects. */
export function loosePath(id: string): string {
  return join(id.slice(0, 2), id.slice(2));
}

/** How the name of an object begins that is not whole yet, in the folder of the study. */
export const partName = 'object-';

/** Writes objects into a repository, those first that others name; `parts` is the folder for what is not whole yet. */
export async function writeLoose(objects: string, parts: string, written: readonly GitObject[]): Promise<void> {
  await mkdir(parts, { recursive: true });
  for (const object of written) {
    const path = join(objects, loosePath(object.id));
    if (existsSync(path)) continue;
    const part = join(parts, `${partName}${process.pid}-${object.id}`);
    await writeFile(part, await looseBytes(object), { flush: true, mode: 0o444 });
    await mkdir(dirname(path), { recursive: true });
    await rename(part, path).catch((error: NodeJS.ErrnoException) => moveAcross(error, part, path));
  }
}

/** The repository may be on another disk than the checkout; git itself removes a part of this name in time. */
async function moveAcross(error: NodeJS.ErrnoException, part: string, path: string): Promise<void> {
  if (error.code !== 'EXDEV') throw error;
  const near = join(dirname(path), `tmp_obj_${process.pid}`);
  await copyFile(part, near);
  await rename(near, path);
  await rm(part);
}
