/**
 * A journal with something wrong in it, in every place.
 */
import { createRandom } from '../../src/core/base/random.ts';

export type DamageKind =
  | 'flipped bit'
  | 'wrong byte'
  | 'cut'
  | 'foreign line'
  | 'line gone'
  | 'sector of zeros'
  | 'other line ends';

export interface Damaged {
  readonly kind: DamageKind;
  readonly bytes: Buffer;
}

const newline = 0x0a;
const foreignLines = ['', '\0'.repeat(80), '{"event":"note-read"}', 'garbage', '{"seq":3,"at":"2026', '\u{feff}'];

/** Each damage in turn; with `isEvery` every bit of every byte is flipped, otherwise one of each, drawn. */
export function* damagesOf(journal: Buffer, isEvery: boolean): Generator<Damaged> {
  const random = createRandom('a damaged journal');
  for (const at of journal.keys()) {
    const bits = isEvery ? [0, 1, 2, 3, 4, 5, 6, 7] : [Math.floor(random.unit() * 8)];
    for (const bit of bits)
      yield { kind: 'flipped bit', bytes: withByte(journal, at, (journal[at] ?? 0) ^ (1 << bit)) };
    const other = Math.floor(random.unit() * 256);
    for (const byte of [newline, 0x22, other]) {
      if (journal[at] !== byte) yield { kind: 'wrong byte', bytes: withByte(journal, at, byte) };
    }
  }
  const starts = lineStarts(journal);
  for (let length = starts.at(-3) ?? 0; length < journal.length; length++)
    yield { kind: 'cut', bytes: journal.subarray(0, length) };
  for (const [index, start] of starts.entries()) {
    const rest = journal.subarray(start);
    for (const line of foreignLines) {
      yield {
        kind: 'foreign line',
        bytes: Buffer.concat([journal.subarray(0, start), Buffer.from(`${line}\n`), rest]),
      };
    }
    const next = starts[index + 1] ?? journal.length;
    yield { kind: 'line gone', bytes: Buffer.concat([journal.subarray(0, start), journal.subarray(next)]) };
  }
  for (let at = 0; at < journal.length; at += 512) {
    const bytes = Buffer.from(journal);
    bytes.fill(0, at, Math.min(at + 512, bytes.length));
    yield { kind: 'sector of zeros', bytes };
  }
  yield { kind: 'other line ends', bytes: Buffer.from(journal.toString().replaceAll('\n', '\r\n')) };
}

function withByte(journal: Buffer, at: number, byte: number): Buffer {
  const bytes = Buffer.from(journal);
  bytes[at] = byte;
  return bytes;
}

function lineStarts(journal: Buffer): number[] {
  const starts = [0];
  for (let at = journal.indexOf(newline); at >= 0 && at + 1 < journal.length; at = journal.indexOf(newline, at + 1))
    starts.push(at + 1);
  return starts;
}
