import { execFileSync } from 'node:child_process';
import {
  appendFileSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import { describe, expect, it, onTestFinished } from 'vitest';
import { openFileArchive } from '../../../src/adapters/archive/file-archive.ts';
import { readJournal } from '../../../src/adapters/archive/read-journal.ts';
import type { Entry, EntryBody } from '../../../src/core/journal/entry.ts';
import { formatLine } from '../../../src/core/journal/journal-line.ts';
import { createJournal } from '../../helpers/journal.ts';
import { temporaryFolder } from '../../helpers/temporary-repo.ts';

const now = () => '2024-11-23T22:00:00.000Z';
const { seq: _, at: __, ...start } = createJournal().entries[0] as Entry;
const stopped: EntryBody = { event: 'study-stopped', reason: 'hours', detail: 'Größe 🌙 der Nacht' };

async function opened() {
  const folder = temporaryFolder();
  const archive = await openFileArchive(folder, now);
  onTestFinished(() => archive.close().catch(() => {}));
  await archive.append(start as EntryBody);
  await archive.append(stopped);
  await archive.append(stopped);
  const path = join(folder, 'journal.jsonl');
  return { folder, archive, path, whole: readFileSync(path) };
}

/** The line that a program would forge as the next one: its number and its checksum are right. */
function forged(seq: number): string {
  return `${formatLine({ event: 'note-read', text: 'Forget the score.', seq, at: now() }, crc32)}\n`;
}

const changes: Readonly<Record<string, { kind: string; act: (path: string, whole: Buffer) => void }>> = {
  'a forged next entry': { kind: 'appended', act: (path) => appendFileSync(path, forged(4)) },
  'a blank line': { kind: 'appended', act: (path) => appendFileSync(path, '\n') },
  'half an entry': { kind: 'appended', act: (path) => appendFileSync(path, forged(4).slice(0, 20)) },
  'one byte of the first line changed, and its times set back': {
    kind: 'changed',
    act: (path, whole) => {
      const { atime, mtime } = statSync(path);
      const bytes = Buffer.from(whole);
      bytes[40] = (bytes[40] ?? 0) ^ 1;
      writeFileSync(path, bytes);
      utimesSync(path, atime, mtime);
    },
  },
  'the last entry taken away': { kind: 'changed', act: (path, whole) => truncateSync(path, whole.length - 40) },
  'nothing left in it': { kind: 'changed', act: (path) => truncateSync(path, 0) },
  'another file in its place': {
    kind: 'changed',
    act: (path, whole) => {
      writeFileSync(`${path}.new`, `${whole}${forged(4)}`.replace('hours', 'house'));
      renameSync(`${path}.new`, path);
    },
  },
  'the file gone': { kind: 'removed', act: (path) => rmSync(path) },
  'a pipe in its place': {
    kind: 'removed',
    act: (path) => {
      rmSync(path);
      execFileSync('mkfifo', [path]);
    },
  },
  'a folder in its place': {
    kind: 'removed',
    act: (path) => {
      rmSync(path);
      mkdirSync(path);
    },
  },
};

describe.each(Object.entries(changes))('%s, by another program', (_name, { kind, act }) => {
  it('is found at the next look, moved aside and undone', async () => {
    const { archive, path, whole, folder } = await opened();
    act(path, whole);
    const found = await archive.look?.();
    expect(found?.kind).toBe(kind);
    expect(readFileSync(path).equals(whole)).toBe(true);
    if (kind !== 'removed') expect(readFileSync(join(folder, found?.moved ?? ''))).toHaveLength(found?.bytes ?? 0);
    expect(await archive.look?.()).toBeUndefined();
    expect((await archive.append(stopped)).seq).toBe(4);
    expect([...readJournal(path)]).toEqual(await archive.entries());
  });

  it('is undone before the next entry is written, and told after', async () => {
    const { archive, path, whole } = await opened();
    act(path, whole);
    expect((await archive.append(stopped)).seq).toBe(4);
    expect([...readJournal(path)].map(({ seq }) => seq)).toEqual([1, 2, 3, 4]);
    expect((await archive.look?.())?.kind).toBe(kind);
    expect(await archive.look?.()).toBeUndefined();
  });
});

it('a journal that only its own controller writes is never said to be touched', async () => {
  const { archive } = await opened();
  for (let count = 0; count < 20; count++) {
    expect(await archive.look?.(count % 2 === 0)).toBeUndefined();
    await archive.append(stopped);
  }
});

it('a journal that was put back as it was, such as by a program that keeps folders alike, is no trouble', async () => {
  const { archive, path, whole } = await opened();
  writeFileSync(`${path}.new`, whole);
  renameSync(`${path}.new`, path);
  expect(await archive.look?.()).toBeUndefined();
  await archive.append(stopped);
  expect([...readJournal(path)]).toHaveLength(4);
});

it('what was moved aside before stays there', async () => {
  const { archive, path, folder } = await opened();
  appendFileSync(path, 'one\n');
  expect((await archive.look?.())?.moved).toBe('journal.foreign-1');
  appendFileSync(path, 'two\n');
  expect((await archive.look?.())?.moved).toBe('journal.foreign-2');
  expect(readFileSync(join(folder, 'journal.foreign-1'), 'utf8')).toBe('one\n');
});
