/**
 * Reads files that training code or the owner can write. There may be a pipe, a folder, a device or a terabyte in a file's
 * place: nothing here waits for a writer, and nothing reads more bytes than it was told to.
 */
import { constants } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';

/** What is at a path; `found` says in words what is there in place of a file that can be read, such as `a folder`. */
export type FileBytes =
  | { readonly kind: 'read'; readonly bytes: Buffer }
  | { readonly kind: 'absent' }
  | { readonly kind: 'unreadable'; readonly found: string };

/** More than any file that is kept in one piece should have. */
const defaultMaxBytes = 1 << 26;

/** The whole file, when it has at most `maxBytes` (default: 64 MiB). */
export async function readBytes(path: string, maxBytes = defaultMaxBytes): Promise<FileBytes> {
  return withFile(path, async (file, size) => {
    if (size > maxBytes) return { kind: 'unreadable', found: `${size} bytes` };
    return { kind: 'read', bytes: await readFrom(file, 0, size) };
  });
}

/** The whole file as text; undefined unless it is a file of at most 64 MiB. */
export async function readText(path: string): Promise<string | undefined> {
  return textOf(await readBytes(path));
}

/** The last `maxBytes` of a file as text; undefined when there is no file. */
export async function readTextEnd(path: string, maxBytes: number): Promise<string | undefined> {
  const read = await withFile(path, async (file, size): Promise<FileBytes> => {
    const start = Math.max(0, size - maxBytes);
    return { kind: 'read', bytes: await readFrom(file, start, size - start) };
  });
  return textOf(read);
}

/** Up to `maxBytes` of a file from a byte on, as text; undefined when there is no file. */
export async function readTextFrom(path: string, fromByte: number, maxBytes: number): Promise<string | undefined> {
  const read = await withFile(path, async (file, size): Promise<FileBytes> => {
    const length = Math.min(maxBytes, Math.max(0, size - fromByte));
    return { kind: 'read', bytes: await readFrom(file, fromByte, length) };
  });
  return textOf(read);
}

/** Opens what is at the path and hands it on with its size, if it is a regular file. */
export async function withFile<Result>(
  path: string,
  use: (file: FileHandle, size: number) => Promise<Result>,
): Promise<Result | Exclude<FileBytes, { kind: 'read' }>> {
  let file: FileHandle;
  try {
    // Without this flag, opening a pipe waits for a writer.
    file = await open(path, constants.O_RDONLY | constants.O_NONBLOCK);
  } catch (error) {
    const { code = '' } = error as NodeJS.ErrnoException;
    const isAbsent = code === 'ENOENT' || code === 'ENOTDIR';
    return isAbsent ? { kind: 'absent' } : { kind: 'unreadable', found: `something that cannot be opened (${code})` };
  }
  try {
    const stat = await file.stat();
    if (stat.isFile()) return await use(file, stat.size);
    return { kind: 'unreadable', found: nameOf(stat) };
  } finally {
    await file.close();
  }
}

/** What stands in the place of a regular file, in words. */
export function nameOf(stat: { readonly isDirectory: () => boolean }): string {
  return stat.isDirectory() ? 'a folder' : 'a pipe or a device';
}

/** Up to `length` bytes; fewer when the file has become shorter. */
async function readFrom(file: FileHandle, start: number, length: number): Promise<Buffer> {
  const buffer = Buffer.alloc(length);
  let done = 0;
  while (done < length) {
    const { bytesRead } = await file.read(buffer, done, length - done, start + done);
    if (bytesRead === 0) break;
    done += bytesRead;
  }
  return buffer.subarray(0, done);
}

function textOf(file: FileBytes): string | undefined {
  return file.kind === 'read' ? file.bytes.toString('utf8') : undefined;
}
