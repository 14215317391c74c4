import { crc32 } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import type { Entry } from '../../../src/core/journal/entry.ts';
import { formatLine, parseLine } from '../../../src/core/journal/journal-line.ts';
import { createJournal, failed, scored } from '../../helpers/journal.ts';

const title = 'Größe 🌙 "quoted" \\ \u2028 \n tab\t';
const { entries } = createJournal()
  .baseline(scored(2.0674, { metrics: { peak_memory_mb: 512.5 } }))
  .experiment(failed('crashed', title), 'revert', title)
  .experiment(scored(1e-7), 'keep');
const stopped: Entry = { event: 'study-stopped', reason: 'hours', detail: '', seq: 9, at: '2024-11-23T22:00:00.000Z' };

const format = (entry: Entry) => formatLine(entry, crc32);
const parse = (line: string) => parseLine(line, crc32);

describe('a line of the journal', () => {
  it.each(entries.map((entry) => [entry.event, entry] as const))('gives back its entry: %s', (_, entry) => {
    expect(parse(format(entry))).toEqual(entry);
  });

  it('is one line of JSON that begins with number, time and event', () => {
    for (const entry of entries) {
      const line = format(entry);
      expect(line).not.toMatch(/[\n\r]/);
      expect(Object.keys(JSON.parse(line)).slice(0, 3)).toEqual(['seq', 'at', 'event']);
      expect(Object.keys(JSON.parse(line)).at(-1)).toBe('crc');
    }
  });

  it('never changes its form, or no older journal could be read', () => {
    expect(format(stopped)).toBe(
      '{"seq":9,"at":"2024-11-23T22:00:00.000Z","event":"study-stopped","reason":"hours","detail":"","crc":"0a0ddb40"}',
    );
  });

  it('that is torn anywhere is noticed', () => {
    const line = format(entries[6] ?? stopped);
    for (let length = 0; length < line.length; length++) expect(parse(line.slice(0, length))).toBeUndefined();
  });

  it('with one flipped bit in any byte is noticed', () => {
    const bytes = Buffer.from(format(entries[6] ?? stopped));
    for (let index = 0; index < bytes.length; index++) {
      const flipped = Buffer.from(bytes);
      flipped[index] = (flipped[index] ?? 0) ^ 1;
      expect(parse(flipped.toString('utf8')), `byte ${index}`).toBeUndefined();
    }
  });

  it('that somebody edited, or wrote, is noticed', () => {
    expect(parse(format(stopped).replace('hours', 'hourz'))).toBeUndefined();
    expect(parse(`${format(stopped)} `)).toBeUndefined();
    for (const line of ['', '{}', 'null', '\0\0\0\0', JSON.stringify(stopped)]) expect(parse(line)).toBeUndefined();
  });
});
