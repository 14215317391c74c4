/**
 * Finds the one byte of a damaged journal line that is wrong. What a wrong byte does to a CRC-32 depends on what is wrong in it and
 * on how many bytes follow, so the checksum says which byte it was and what stood there.
 */
import { crc32 } from 'node:zlib';

const trailerLength = ',"crc":"00000000"}'.length;
const trailerPattern = /^,"crc":"([0-9a-f]{8})"\}$/;
const polynomial = 0xedb88320;

/** The line with that byte as it was; undefined when more than one is wrong, or none. */
export function mendByte(line: Buffer): Buffer | undefined {
  const end = line.length - trailerLength;
  if (end <= 0) return undefined;
  const [body, trailer] = [line.subarray(0, end), line.subarray(end)];
  const found = crc32(body);
  const right = Buffer.from(`,"crc":"${found.toString(16).padStart(8, '0')}"}`);
  if (right.filter((byte, index) => byte !== trailer[index]).length === 1) return Buffer.concat([body, right]);
  const [, digits] = trailerPattern.exec(trailer.toString('latin1')) ?? [];
  const wrong = digits === undefined ? undefined : findWrong(body, (found ^ Number.parseInt(digits, 16)) >>> 0);
  if (!wrong) return undefined;
  const mended = Buffer.from(line);
  mended[wrong.at] = (mended[wrong.at] ?? 0) ^ wrong.change;
  return mended;
}

/** Takes the difference of the checksums back byte by byte, to where it is what one byte alone has made. */
function findWrong(body: Buffer, difference: number): { at: number; change: number } | undefined {
  let register = difference;
  let wrong: { at: number; change: number } | undefined;
  for (let at = body.length - 1; at >= 0; at--) {
    const change = byteOf.get(register);
    // Two places that would both explain it say that neither is known.
    if (change && wrong) return undefined;
    if (change) wrong = { at, change };
    const byte = byteByTop[register >>> 24] ?? 0;
    register = (((register ^ (table[byte] ?? 0)) << 8) | byte) >>> 0;
  }
  return wrong;
}

/** What a byte makes of a register of zeros. */
const table = Array.from({ length: 256 }, (_, byte) => {
  let register = byte;
  for (let bit = 0; bit < 8; bit++) register = register & 1 ? (register >>> 1) ^ polynomial : register >>> 1;
  return register >>> 0;
});
const byteOf = new Map(table.map((register, byte) => [register, byte]));
const byteByTop = table.reduce<number[]>((bytes, register, byte) => {
  bytes[register >>> 24] = byte;
  return bytes;
}, []);
