/**
 * A pack of empty files under the names of others: git sees that these objects are there, and nobody can read them.
 *
 * A run gets a part of the repository, and git, libgit2 and dulwich refuse to commit while an object of the index is missing.
 * https://git-scm.com/docs/gitformat-pack
 */
import { createHash } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { crc32, deflateSync } from 'node:zlib';

/** An empty blob in a pack: its kind and length, then nothing, compressed. */
const emptyBlob = Buffer.concat([Buffer.from([3 << 4]), deflateSync(Buffer.alloc(0))]);
const headerBytes = 12;

/** Writes it into a folder of packs, for these object names in hexadecimal; nothing for none. */
export async function writeStandInPack(folder: string, names: readonly string[]): Promise<void> {
  const ids = [...new Set(names)].sort().map((name) => Buffer.from(name, 'hex'));
  if (ids.length === 0) return;
  const algorithm = ids[0]?.length === 32 ? 'sha256' : 'sha1';
  const withHash = (content: Buffer) => Buffer.concat([content, createHash(algorithm).update(content).digest()]);
  const header = Buffer.concat([Buffer.from('PACK'), words([2, ids.length])]);
  const pack = withHash(Buffer.concat([header, ...ids.map(() => emptyBlob)]));
  const hash = createHash(algorithm).update(Buffer.concat(ids)).digest();
  const index = withHash(
    Buffer.concat([
      Buffer.from([0xff, 0x74, 0x4f, 0x63]),
      words([2]),
      words(fanout(ids)),
      ...ids,
      words(ids.map(() => crc32(emptyBlob))),
      words(ids.map((_, at) => headerBytes + at * emptyBlob.length)),
      pack.subarray(-hash.length),
    ]),
  );
  await mkdir(folder, { recursive: true });
  const path = join(folder, `pack-${hash.toString('hex')}`);
  await writeFile(`${path}.pack`, pack);
  await writeFile(`${path}.idx`, index);
}

/** For each first byte, how many names begin with it or a smaller one. */
function fanout(ids: readonly Buffer[]): number[] {
  const counts = new Array<number>(256).fill(0);
  for (const id of ids) counts[id[0] ?? 0] = (counts[id[0] ?? 0] ?? 0) + 1;
  let sum = 0;
  return counts.map((count) => {
    sum += count;
    return sum;
  });
}

/** Whole numbers of four bytes, the highest first. */
function words(numbers: readonly number[]): Buffer {
  const bytes = Buffer.alloc(4 * numbers.length);
  for (const [at, number] of numbers.entries()) bytes.writeUInt32BE(number, 4 * at);
  return bytes;
}
