/**
 * An entry as one line of the journal, and back.
 *
 * Each line is a JSON object whose last field is the CRC-32 of everything before it, so `jq` reads the journal and a torn
 * or edited line is noticed. The checksum function is an argument: core computes nothing that Node does natively.
 */
import type { Entry } from './entry.ts';

/** CRC-32 of a text's UTF-8 bytes. */
export type Checksum = (text: string) => number;

const trailerLength = ',"crc":"00000000"}'.length;

/** The line of an entry, without its newline. */
export function formatLine(entry: Entry, checksum: Checksum): string {
  const { seq, at, event, ...rest } = entry;
  const body = JSON.stringify({ seq, at, event, ...rest }).slice(0, -1);
  return `${body},"crc":"${checksum(body).toString(16).padStart(8, '0')}"}`;
}

/** The entry of a line, or undefined when the line is torn, damaged or edited by hand. A good checksum is trusted. */
export function parseLine(line: string, checksum: Checksum): Entry | undefined {
  const body = line.slice(0, -trailerLength);
  const trailer = line.slice(-trailerLength);
  if (trailer !== `,"crc":"${checksum(body).toString(16).padStart(8, '0')}"}`) return undefined;
  return JSON.parse(`${body}}`) as Entry;
}
