/**
 * Finds what is sound in the rest of a journal from its first trouble on: lines of ours between bytes that are not, two lines that lost
 * the newline between them, lines in which one byte is wrong. Of lines that claim the same place one is taken.
 */
import { crc32 } from 'node:zlib';
import type { Entry } from '../../core/journal/entry.ts';
import { parseLine } from '../../core/journal/journal-line.ts';
import { mendByte } from './mend-byte.ts';

/** A line that is sound by itself. */
export interface SoundLine {
  readonly kind: 'line';
  readonly entry: Entry;
  /** Its text without the newline, as it was written. */
  readonly text: string;
  /** Its bytes in the file, from the start of what was searched. */
  readonly at: number;
  readonly length: number;
  /** Whether it was found in a stretch that is no line as a whole: beside other bytes, or with a byte set right. */
  readonly isDug: boolean;
  /** Whether one byte of it was set right. */
  readonly isMended: boolean;
}

/** Bytes that are no line of ours. */
export interface Foreign {
  readonly kind: 'foreign';
  readonly at: number;
  readonly length: number;
}

export type Piece = SoundLine | Foreign;

/** Blank lines, the returns of another system's line ends, and the mark that some editors put before a text. */
const blank = /^[\s\u{feff}\u{fffe}]*$/u;
/** More than this is read line by line only. */
const maxStretchBytes = 1 << 24;

/** All that these bytes hold, in order. */
export function salvage(bytes: Buffer): Piece[] {
  const pieces: Piece[] = [];
  let bad: { from: number; to: number } | undefined;
  const endBad = () => {
    if (bad) pieces.push(...digStretch(bytes, bad.from, bad.to));
    bad = undefined;
  };
  for (const { from, to, isWhole } of linesOf(bytes)) {
    const line = soundLine(bytes, from, to, { isDug: !isWhole });
    if (line) {
      endBad();
      pieces.push(line);
    } else if (bad) bad.to = to;
    else bad = { from, to };
  }
  endBad();
  return pieces;
}

function* linesOf(bytes: Buffer): Generator<{ from: number; to: number; isWhole: boolean }> {
  for (let from = 0; from < bytes.length; ) {
    const newline = bytes.indexOf(0x0a, from);
    const to = newline < 0 ? bytes.length : newline;
    yield { from, to, isWhole: newline >= 0 };
    from = to + 1;
  }
}

/** The line between these bytes, without what editors put around it; undefined when it is not sound. */
function soundLine(
  bytes: Buffer,
  from: number,
  to: number,
  { isDug = false, isMended = false }: { isDug?: boolean; isMended?: boolean },
): SoundLine | undefined {
  const text = bytes
    .toString('utf8', from, to)
    .replace(/^\u{feff}/u, '')
    .replace(/\r+$/, '');
  const entry = parseSound(text);
  return entry && { kind: 'line', entry, text, at: from, length: to - from, isDug, isMended };
}

function parseSound(text: string): Entry | undefined {
  try {
    const entry = parseLine(text, crc32);
    // A good checksum is no promise that the line is an entry: any program can compute one.
    return Number.isInteger(entry?.seq) && typeof entry?.event === 'string' ? entry : undefined;
  } catch {
    return undefined;
  }
}

/** A stretch between sound lines: whole lines in it that lost their newline, one wrong byte, and what is left. */
function digStretch(bytes: Buffer, from: number, to: number): Piece[] {
  const pieces: Piece[] = [];
  let next = from;
  const leaveOut = (end: number) => {
    if (end > next) pieces.push(...mendStretch(bytes, next, end));
  };
  if (to - from <= maxStretchBytes) {
    for (const { start, end } of wholeLinesIn(bytes, from, to)) {
      const line = soundLine(bytes, start, end, { isDug: true });
      if (!line || start < next) continue;
      leaveOut(start);
      pieces.push(line);
      next = end;
    }
  }
  leaveOut(to);
  return pieces;
}

/** Where whole lines may stand in a stretch: from a first field to a checksum that is right for what is between. */
function* wholeLinesIn(bytes: Buffer, from: number, to: number): Generator<{ start: number; end: number }> {
  const text = bytes.toString('latin1', from, to);
  const starts = [...text.matchAll(/\{"seq":/g)].map(({ index }) => from + index);
  let passed = 0;
  for (const { index, 0: trailer, 1: digits = '' } of text.matchAll(/,"crc":"([0-9a-f]{8})"\}/g)) {
    const end = from + index + trailer.length;
    const wanted = Number.parseInt(digits, 16);
    const start = starts
      .slice(passed)
      .find((each) => each < end && crc32(bytes.subarray(each, from + index)) === wanted);
    if (start === undefined) continue;
    yield { start, end };
    passed = starts.findIndex((each) => each >= end);
    if (passed < 0) return;
  }
}

/** A stretch without any whole line: one line with one wrong byte, be it one that looks like a newline, or several. */
function mendStretch(bytes: Buffer, from: number, to: number): Piece[] {
  const whole = mendedLine(bytes, from, to);
  if (whole) return [whole];
  const pieces: Piece[] = [];
  for (const line of linesOf(bytes.subarray(from, to))) {
    const [start, end] = [from + line.from, from + line.to];
    if (blank.test(bytes.toString('utf8', start, end))) continue;
    pieces.push(mendedLine(bytes, start, end) ?? { kind: 'foreign', at: start, length: end - start });
  }
  return pieces;
}

function mendedLine(bytes: Buffer, from: number, to: number): SoundLine | undefined {
  if (to - from > maxStretchBytes) return undefined;
  let end = to;
  while (bytes[end - 1] === 0x0d) end -= 1;
  const mended = mendByte(bytes.subarray(from, end));
  const line = mended && soundLine(mended, 0, mended.length, { isDug: true, isMended: true });
  return line && { ...line, at: from, length: to - from };
}
