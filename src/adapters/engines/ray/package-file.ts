/**
 * The zip files that Ray unpacks on a node: each holds one file, or a part of one, as it is.
 *
 * Ray takes at most 100 MiB in one request, whatever its documentation says of packages, and its unpacking loses links and
 * times: so archives travel inside, in parts.
 */
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { Readable } from 'node:stream';
import { crc32 } from 'node:zlib';
import type { Body } from './ray-http.ts';

/** A zip file that is made while it is sent. */
export interface RayPackage {
  /** `_ray_pkg_<hash>.zip`: equal content has one name. */
  readonly name: string;
  readonly body: Body;
}

/** Bytes of a file, or of a part of it. */
export interface Entry {
  /** The name in the zip file; ASCII. */
  readonly name: string;
  readonly bytes: number;
  readonly open: () => Readable;
}

/** Most bytes of one package. */
const partBytes = 64 * 1024 * 1024;

/** The parts in which a file travels, named `NAME.part-I-of-N`. */
export function partsOf(file: string, name: string, bytes: number, limit = partBytes): readonly Entry[] {
  const count = Math.max(1, Math.ceil(bytes / limit));
  return Array.from({ length: count }, (_, index) => {
    const start = index * limit;
    const length = Math.min(limit, bytes - start);
    const open = () => (length === 0 ? Readable.from([]) : createReadStream(file, { start, end: start + length - 1 }));
    return { name: `${name}.part-${index}-of-${count}`, bytes: length, open };
  });
}

/** An entry that is in memory. */
export function entryOf(name: string, text: string | Buffer): Entry {
  const content = Buffer.from(text);
  return { name, bytes: content.length, open: () => Readable.from([content]) };
}

/** A package of these entries; reads each of them once. */
export async function packageOf(entries: readonly Entry[]): Promise<RayPackage> {
  const hash = createHash('sha256');
  const checked: Checked[] = [];
  for (const entry of entries) {
    hash.update(`${entry.name}\0${entry.bytes}\0`);
    let crc = 0;
    for await (const piece of entry.open()) {
      hash.update(piece);
      crc = crc32(piece, crc);
    }
    checked.push({ ...entry, crc });
  }
  const bytes = sizeOf(checked);
  const open = () => Readable.from(zip(checked));
  const name = `_ray_pkg_${hash.digest('hex').slice(0, 32)}.zip`;
  return { name, body: { type: 'application/octet-stream', bytes, open } };
}

interface Checked extends Entry {
  readonly crc: number;
}

const headBytes = 30;
const rowBytes = 46;
const endBytes = 22;

function sizeOf(entries: readonly Checked[]): number {
  const each = entries.map(({ name, bytes }) => headBytes + rowBytes + 2 * name.length + bytes);
  return each.reduce((sum, size) => sum + size, endBytes);
}

/** The bytes of a zip file whose entries are stored as they are; `ray-engine.test.ts` has Python read one. */
async function* zip(entries: readonly Checked[]): AsyncGenerator<Buffer> {
  const rows: Buffer[] = [];
  let at = 0;
  for (const entry of entries) {
    const head = headOf(entry);
    yield head;
    for await (const piece of entry.open()) yield piece;
    rows.push(rowOf(entry, at));
    at += head.length + entry.bytes;
  }
  yield* rows;
  const directory = rows.reduce((sum, { length }) => sum + length, 0);
  const end = Buffer.alloc(endBytes);
  end.writeUInt32LE(0x06054b50, 0);
  end.writeUInt16LE(entries.length, 8);
  end.writeUInt16LE(entries.length, 10);
  end.writeUInt32LE(directory, 12);
  end.writeUInt32LE(at, 16);
  yield end;
}

/** 1980-01-01, the first day that zip files know. */
const firstDay = 0x21;

function headOf(entry: Checked): Buffer {
  const head = Buffer.alloc(headBytes);
  head.writeUInt32LE(0x04034b50, 0);
  writeFacts(head, entry, 4);
  return Buffer.concat([head, Buffer.from(entry.name, 'ascii')]);
}

function rowOf(entry: Checked, at: number): Buffer {
  const row = Buffer.alloc(rowBytes);
  row.writeUInt32LE(0x02014b50, 0);
  row.writeUInt16LE(0x0314, 4); // made by 2.0 on Unix, so that the mode counts
  writeFacts(row, entry, 6);
  row.writeUInt32LE((0o100644 << 16) >>> 0, 38);
  row.writeUInt32LE(at, 42);
  return Buffer.concat([row, Buffer.from(entry.name, 'ascii')]);
}

/** What the head of an entry and its row in the directory both say, from the version that is needed on. */
function writeFacts(into: Buffer, { name, bytes, crc }: Checked, at: number): void {
  into.writeUInt16LE(20, at);
  into.writeUInt16LE(firstDay, at + 8);
  into.writeUInt32LE(crc, at + 10);
  into.writeUInt32LE(bytes, at + 14);
  into.writeUInt32LE(bytes, at + 18);
  into.writeUInt16LE(name.length, at + 22);
}
