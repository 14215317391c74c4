/**
 * The end of a file that may be huge, or absent.
 */
import { constants } from 'node:fs';
import { open } from 'node:fs/promises';

/** At most the last `mostBytes` of a file as text; undefined when there is no such file. */
export async function readEnd(path: string, mostBytes: number): Promise<string | undefined> {
  // Training code may have put a pipe in its place, and opening one waits for a writer.
  const handle = await open(path, constants.O_RDONLY | constants.O_NONBLOCK).catch(() => undefined);
  if (!handle) return undefined;
  try {
    const stat = await handle.stat();
    if (!stat.isFile()) return undefined;
    const start = Math.max(0, stat.size - mostBytes);
    const buffer = Buffer.alloc(stat.size - start);
    const { bytesRead } = await handle.read(buffer, 0, buffer.length, start);
    return buffer.subarray(0, bytesRead).toString('utf8');
  } finally {
    await handle.close();
  }
}
