/**
 * Reads a growing log piece by piece. A character that is not complete yet is left for the next piece.
 */
import type { Engine } from '../../ports/engine.ts';
import { withFile } from '../files/read-file.ts';
import { logPath } from './job-files.ts';

const pieceBytes = 64 * 1024;
/** Index n: the smallest first byte of a UTF-8 character that has more than n bytes. */
const firstBytes = [0, 0xc0, 0xe0, 0xf0];

/** What an engine does whose jobs leave all in their folders here, as it comes. */
export const jobsHere: Pick<Engine, 'tail' | 'collect'> = {
  tail: (job, stage, fromByte) => readLog(logPath(job, stage), fromByte),
  collect: async () => {},
};

/** The text from a byte on, at most 64 KiB, and the byte to go on from; where there is no file, the log is empty. */
async function readLog(path: string, fromByte: number): Promise<{ text: string; next: number }> {
  const piece = await withFile(path, async (log, size) => {
    if (size <= fromByte) return { text: '', next: size };
    const { buffer, bytesRead } = await log.read(Buffer.alloc(pieceBytes), 0, pieceBytes, fromByte);
    const end = wholeCharacters(buffer.subarray(0, bytesRead));
    return { text: buffer.toString('utf8', 0, end), next: fromByte + end };
  });
  return 'next' in piece ? piece : { text: '', next: fromByte };
}

/** How many bytes remain when an unfinished UTF-8 character at the end is left out. */
function wholeCharacters(bytes: Buffer): number {
  for (let back = 1; back <= Math.min(3, bytes.length); back += 1) {
    const byte = bytes.readUInt8(bytes.length - back);
    if (byte >= 0xc0) return byte >= (firstBytes[back] ?? 0) ? bytes.length - back : bytes.length;
    if (byte < 0x80) break;
  }
  return bytes.length;
}
