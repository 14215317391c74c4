import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { openFileArchive } from '../../../src/adapters/archive/file-archive.ts';
import { foldJournal } from '../../../src/adapters/archive/fold-journal.ts';
import { readJournal, readSound } from '../../../src/adapters/archive/read-journal.ts';
import { readForRepair, writeRepaired } from '../../../src/adapters/archive/repair-journal.ts';
import { ArchiveError } from '../../../src/core/base/errors.ts';
import { damageText } from '../../../src/core/journal/damage.ts';
import type { Entry, EntryBody } from '../../../src/core/journal/entry.ts';
import { formatLine } from '../../../src/core/journal/journal-line.ts';
import { createJournal, failed, scored } from '../../helpers/journal.ts';
import { temporaryFolder } from '../../helpers/temporary-repo.ts';

const now = () => '2026-11-29T22:00:00.000Z';
const { entries } = createJournal()
  .baseline(scored(2.0674), scored(2.05), scored(2.06))
  .experiment(failed('crashed', 'a "quoted" JOB*'), 'revert', 'Größe 🌙 JOB* \\ "x"')
  .add({ event: 'note-read', text: 'a note', id: '1' })
  .experiment(scored(1.9), 'keep')
  .experiment(scored(2.2), 'revert');
const lines = entries.map((entry) => formatLine(entry, crc32));
const journal = Buffer.from(lines.map((line) => `${line}\n`).join(''));

const journalled = new Set(lines.map((line) => textOf(JSON.parse(line))));

/** An entry with its checksum, if any, left out. */
function textOf({ crc: _, ...entry }: Record<string, unknown>): string {
  return JSON.stringify(entry);
}

function written(bytes: Buffer | string): { path: string; folder: string } {
  const folder = temporaryFolder();
  const path = join(folder, 'journal.jsonl');
  writeFileSync(path, bytes);
  return { path, folder };
}

const newline = 0x0a;

function withByte(at: number, byte: number): Buffer {
  const bytes = Buffer.from(journal);
  bytes[at] = byte;
  return bytes;
}

const withLines = (change: (lines: string[]) => void): Buffer => {
  const copy = [...lines];
  change(copy);
  return Buffer.from(copy.map((line) => `${line}\n`).join(''));
};

// `npm run bench -- damage` tries every byte.
it('a journal with any one byte wrong is read whole', () => {
  const { path } = written(journal);
  for (let at = 0; at < journal.length; at += 23) {
    for (const byte of [(journal[at] ?? 0) ^ (1 << (at % 8)), newline, 0x22, 0xff]) {
      writeFileSync(path, withByte(at, byte));
      expect([...readSound(path)], `byte ${at} is ${byte}`).toEqual(entries);
    }
  }
}, 60_000);

it('a newline that is another byte costs nothing, wherever it is', async () => {
  for (let at = journal.indexOf(newline); at >= 0; at = journal.indexOf(newline, at + 1)) {
    for (const byte of [0x0b, 0x22, 0, 0x7d]) {
      const { path, folder } = written(withByte(at, byte));
      expect([...readSound(path)], `byte ${at} is ${byte}`).toEqual(entries);
      // The end of the journal is mended by whoever goes on with it, the rest by its owner.
      if (at > journal.length - (lines.at(-1)?.length ?? 0) - 3) {
        const archive = await openFileArchive(folder, now);
        expect(await archive.entries()).toEqual(entries);
        await archive.close();
      } else await expect(openFileArchive(folder, now)).rejects.toThrow(ArchiveError);
    }
  }
});

it('a sector of zeros in any place shows nothing that was not journalled, and says what is gone', () => {
  const { path } = written(journal);
  for (let at = 0; at < journal.length; at += 64) {
    const bytes = Buffer.from(journal).fill(0, at, Math.min(at + 512, journal.length));
    writeFileSync(path, bytes);
    const found = [...readSound(path)];
    const { damage } = foldJournal(path);
    expect(found.every((entry) => journalled.has(textOf({ ...entry })))).toBe(true);
    const missing = entries.length - found.length;
    expect(missing).toBeGreaterThan(0);
    expect(damage ? damage.lost + damage.resting : missing, `from byte ${at}`).toBe(missing);
  }
});

describe.each([
  ['garbage', 'garbage'],
  ['an empty line', ''],
  ['zeros', '\0'.repeat(512)],
  ['half an entry', lines[4]?.slice(0, 60) ?? ''],
  ['JSON of another program', '{"step":3,"loss":0.5}'],
  ['an entry of a number far ahead', formatLine({ event: 'note-read', text: 'x', seq: 9999, at: now() }, crc32)],
  ['an entry of an earlier number', formatLine({ event: 'note-read', text: 'x', seq: 2, at: now() }, crc32)],
  ['an entry of no known shape', formatLine({ event: 'run-ended', seq: 9 } as unknown as Entry, crc32)],
  ['JSON with a good checksum that is no entry', formatLine({ loss: 3 } as unknown as Entry, crc32)],
])('%s between two lines', (_name, line) => {
  it('leaves all entries to be read, is damage to a controller, and is gone after a repair', async () => {
    for (let at = 1; at < lines.length; at++) {
      const { path, folder } = written(withLines((all) => all.splice(at, 0, line)));
      const { whole, damage } = foldJournal(path);
      expect([...readSound(path)], `before line ${at + 1}`).toEqual(entries);
      expect(whole?.history.experiments).toHaveLength(4);
      expect(damage).toMatchObject({ lost: 0, resting: 0 });
      const before = readFileSync(path);
      await expect(openFileArchive(folder, now)).rejects.toThrow(ArchiveError);
      expect(readFileSync(path).equals(before)).toBe(true);
      const sound = readForRepair(path);
      expect(sound?.entries).toEqual(entries);
      if (sound) await writeRepaired(path, sound, now());
      expect(readForRepair(path)).toBeUndefined();
      const archive = await openFileArchive(folder, now);
      expect((await archive.entries()).slice(0, -1)).toEqual(entries);
      expect((await archive.entries()).at(-1)).toMatchObject({ event: 'journal-mended', kind: 'repaired' });
      await archive.close();
    }
  });
});

it('a forged entry with the next number and a good checksum, which the controller wrote behind, is left out', () => {
  for (let at = 1; at < lines.length; at++) {
    const forged = formatLine({ event: 'note-read', text: 'forged', seq: at + 1, at: now() }, crc32);
    const { path } = written(withLines((all) => all.splice(at, 0, forged)));
    expect([...readSound(path)], `before line ${at + 1}`).toEqual(entries);
  }
});

it('line ends of another system and a byte order mark cost nothing', () => {
  const { path } = written(`\u{feff}${journal.toString().replaceAll('\n', '\r\n')}`);
  expect([...readSound(path)]).toEqual(entries);
  expect(damageText(foldJournal(path).damage ?? expect.fail())).toBe(
    'its lines are parted otherwise than they were written, and nothing is gone',
  );
});

it('without a line, the entries behind stay that do not rest on it, and a repaired journal can be gone on with', async () => {
  const rests: Record<string, boolean> = {};
  for (let at = 1; at < lines.length - 1; at++) {
    const { path, folder } = written(withLines((all) => all.splice(at, 1)));
    const { damage } = foldJournal(path);
    const event = entries[at]?.event ?? '';
    expect(damage, `without line ${at + 1}`).toMatchObject({ line: at + 1, lost: 1 });
    rests[event] = (damage?.resting ?? 0) > 0;
    const found = [...readSound(path)];
    expect(found).toEqual(entries.filter((_, index) => index !== at).slice(0, found.length));
    expect(() => [...readJournal(path)]).toThrow(`damaged at line ${at + 1}: 1 entry is gone`);
    const sound = readForRepair(path);
    if (sound) await writeRepaired(path, sound, now());
    const archive = await openFileArchive(folder, now);
    await archive.append({ event: 'note-read', text: 'goes on', id: '2' } as EntryBody);
    expect([...readJournal(path)]).toHaveLength(found.length + 2);
    await archive.close();
  }
  expect(rests).toEqual({
    'candidate-committed': true,
    'run-started': true,
    'run-ended': true,
    'verdict-given': true,
    'proposal-made': true,
    'note-read': false,
    'branch-moved': true,
  });
});

it('a journal cut anywhere in its last three lines keeps every whole entry', async () => {
  const from = journal.length - lines.slice(-3).join('\n').length - 1;
  for (let length = from; length < journal.length; length++) {
    const { path, folder } = written(journal.subarray(0, length));
    const kept =
      journal
        .subarray(0, length + 1)
        .toString('latin1')
        .split('\n').length - 1;
    expect([...readSound(path)], `cut at ${length}`).toEqual(entries.slice(0, kept));
    if (length % 5 > 0) continue;
    const archive = await openFileArchive(folder, now);
    expect(await archive.entries()).toHaveLength(kept);
    await archive.close();
  }
});
