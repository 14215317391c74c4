import { execFileSync } from 'node:child_process';
import {
  appendFileSync,
  mkdirSync,
  readFileSync,
  rmdirSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { open, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, describe, expect, it, onTestFinished, vi } from 'vitest';
import { type FileArchive, openFileArchive } from '../../../src/adapters/archive/file-archive.ts';
import { readJournal } from '../../../src/adapters/archive/read-journal.ts';
import { ArchiveError } from '../../../src/core/base/errors.ts';
import type { Entry, EntryBody } from '../../../src/core/journal/entry.ts';
import { describeArchiveContract } from '../../contracts/archive-contract.ts';
import { createJournal } from '../../helpers/journal.ts';
import { temporaryFolder } from '../../helpers/temporary-repo.ts';

const now = () => '2024-11-23T22:00:00.000Z';
const { seq: _, at: __, ...start } = createJournal().entries[0] as Entry;
const stopped: EntryBody = { event: 'study-stopped', reason: 'hours', detail: 'Größe 🌙 der Nacht' };

async function openArchive(folder: string): Promise<FileArchive> {
  const archive = await openFileArchive(folder, now);
  onTestFinished(() => archive.close().catch(() => {}));
  return archive;
}

/** A journal of four entries, closed. */
async function writtenJournal(folder = temporaryFolder()): Promise<{ folder: string; path: string; bytes: Buffer }> {
  const archive = await openFileArchive(folder, now, () => 0);
  await archive.append(start as EntryBody);
  for (let index = 0; index < 3; index++) await archive.append(stopped);
  await archive.close();
  const path = join(folder, 'journal.jsonl');
  return { folder, path, bytes: readFileSync(path) };
}

describeArchiveContract('the journal file', async () => {
  const folder = temporaryFolder();
  return {
    archive: await openArchive(folder),
    reopen: () => openArchive(folder),
    kept: (experiment, name) =>
      readFile(join(folder, String(experiment).padStart(4, '0'), name), 'utf8').catch(() => undefined),
  };
});

// The port promises all entries so far; these are the ones that were there when the journal was opened.
it('its entries are also those that were appended since', async () => {
  const archive = await openArchive(temporaryFolder());
  await archive.append(start as EntryBody);
  expect(await archive.entries()).toHaveLength(1);
});

it('the journal is one line of JSON per entry', async () => {
  const { bytes } = await writtenJournal();
  const lines = bytes.toString('utf8').split('\n');
  expect(lines.pop()).toBe('');
  expect(lines.map((line) => JSON.parse(line).seq)).toEqual([1, 2, 3, 4]);
});

it.each([
  ['a folder', mkdirSync],
  ['a pipe or a device', (path: string) => execFileSync('mkfifo', [path])],
] as const)('%s in place of the journal is one sentence', { timeout: 20_000 }, async (found, make) => {
  const { folder, path } = await writtenJournal();
  rmSync(path);
  make(path);
  const refusal: unknown = await openFileArchive(folder, now).catch((error: unknown) => error);
  expect(refusal).toBeInstanceOf(ArchiveError);
  expect((refusal as ArchiveError).message).toBe(`The journal ${path} must be a file, found ${found}.`);
});

it('a pipe in place of what is kept for people is replaced, and a folder is one sentence', {
  timeout: 20_000,
}, async () => {
  const folder = temporaryFolder();
  const archive = await openArchive(folder);
  const path = join(folder, '0001', 'patch.diff');
  mkdirSync(join(folder, '0001'));
  execFileSync('mkfifo', [path]);
  await archive.keep(1, 'patch.diff', 'a diff\n');
  expect(readFileSync(path, 'utf8')).toBe('a diff\n');
  mkdirSync(join(folder, '0002', 'patch.diff'), { recursive: true });
  await expect(archive.keep(2, 'patch.diff', 'a diff\n')).rejects.toThrow(ArchiveError);
});

describe('a torn last line', () => {
  it('is moved aside, wherever it was torn, and nothing else is lost', async () => {
    const whole = (await writtenJournal()).bytes;
    const lastStart = whole.lastIndexOf(0x0a, whole.length - 2) + 1;
    for (let length = lastStart + 1; length < whole.length - 1; length += 1) {
      if (isInsideCharacter(whole, length)) continue;
      const folder = temporaryFolder();
      const path = join(folder, 'journal.jsonl');
      writeFileSync(path, whole.subarray(0, length));
      const archive = await openFileArchive(folder, now, () => 0);
      expect(await archive.entries()).toHaveLength(3);
      const torn = readFileSync(archive.tornPath ?? '');
      expect(torn.equals(whole.subarray(lastStart, length)), `torn at byte ${length}`).toBe(true);
      expect((await archive.append(stopped)).seq).toBe(4);
      await archive.close();
      expect(readFileSync(path).equals(whole)).toBe(true);
    }
  });

  it('that lacks nothing but its newline stays, with nothing moved aside', async () => {
    const { folder, path, bytes } = await writtenJournal();
    truncateSync(path, bytes.length - 1);
    const archive = await openArchive(folder);
    expect(archive.tornPath).toBeUndefined();
    expect(await archive.entries()).toHaveLength(4);
    expect(readFileSync(path).equals(bytes)).toBe(true);
  });

  it('that lost the newline before it is read with the one before', async () => {
    const { folder, path, bytes } = await writtenJournal();
    bytes[bytes.lastIndexOf(0x0a, bytes.length - 2)] = 0x0b;
    writeFileSync(path, bytes);
    expect([...readJournal(path)]).toHaveLength(4);
    const archive = await openArchive(folder);
    expect(await archive.entries()).toHaveLength(4);
    expect(archive.tornPath).toBeDefined();
    await archive.append(stopped);
    expect([...readJournal(path)].map(({ seq }) => seq)).toEqual([1, 2, 3, 4, 5]);
  });

  // The length of the torn text is that of its replacement characters, so zeros are moved aside with it.
  it('is moved aside byte by byte when it was torn inside a character', async () => {
    const whole = (await writtenJournal()).bytes;
    const lastStart = whole.lastIndexOf(0x0a, whole.length - 2) + 1;
    const length = [...whole.keys()].find((index) => index > lastStart && isInsideCharacter(whole, index)) ?? 0;
    const folder = temporaryFolder();
    writeFileSync(join(folder, 'journal.jsonl'), whole.subarray(0, length));
    const archive = await openArchive(folder);
    expect(readFileSync(archive.tornPath ?? '').equals(whole.subarray(lastStart, length))).toBe(true);
  });

  it('is no trouble when the journal ended whole', async () => {
    const { folder } = await writtenJournal();
    expect((await openArchive(folder)).tornPath).toBeUndefined();
  });

  it('of zeros, as a power cut leaves them, is moved aside too', async () => {
    const { folder, path } = await writtenJournal();
    appendFileSync(path, Buffer.alloc(100));
    const archive = await openArchive(folder);
    expect(await archive.entries()).toHaveLength(4);
    expect(readFileSync(archive.tornPath ?? '')).toHaveLength(100);
  });

  it('that has its newline but not its checksum is moved aside too', async () => {
    const { folder, path, bytes } = await writtenJournal();
    appendFileSync(path, '{"seq":5,"at":"now","event":"study-stopp\n');
    const archive = await openArchive(folder);
    await archive.append(stopped);
    await archive.close();
    expect(await (await openArchive(folder)).entries()).toHaveLength(5);
    expect(readFileSync(path).subarray(0, bytes.length).equals(bytes)).toBe(true);
  });

  it('of the very first entry leaves an empty journal', async () => {
    const folder = temporaryFolder();
    writeFileSync(join(folder, 'journal.jsonl'), '{"seq":1,');
    const archive = await openArchive(folder);
    expect(await archive.entries()).toEqual([]);
    expect((await archive.append(start as EntryBody)).seq).toBe(1);
  });

  it('is passed over by readers, who change nothing', async () => {
    const { path } = await writtenJournal();
    truncateSync(path, statSync(path).size - 7);
    const size = statSync(path).size;
    expect([...readJournal(path)]).toHaveLength(3);
    expect(statSync(path).size).toBe(size);
  });
});

describe('damage', () => {
  it('in a line that others follow is an error that names the line, and changes nothing', async () => {
    const { folder, path, bytes } = await writtenJournal();
    const second = bytes.indexOf(0x0a) + 1;
    bytes[second + 30] = (bytes[second + 30] ?? 0) ^ 1;
    writeFileSync(path, bytes);
    await expect(openFileArchive(folder, now)).rejects.toThrow(ArchiveError);
    await expect(openFileArchive(folder, now)).rejects.toThrow(
      /journal\.jsonl is damaged at line 2: 1 entry had one wrong byte/,
    );
    expect(() => [...readJournal(path)]).toThrow('line 2');
    expect(readFileSync(path).equals(bytes)).toBe(true);
  });

  it('by a removed line is an error that names the place', async () => {
    const { folder, path, bytes } = await writtenJournal();
    const lines = bytes.toString('utf8').split('\n');
    writeFileSync(path, [lines[0], lines[2], lines[3], ''].join('\n'));
    await expect(openFileArchive(folder, now)).rejects.toThrow('at line 2: 1 entry is gone');
  });

  it('by a line written twice is an error too', async () => {
    const { folder, path, bytes } = await writtenJournal();
    const [first] = bytes.toString('utf8').split('\n');
    writeFileSync(path, `${first}\n${bytes}`);
    await expect(openFileArchive(folder, now)).rejects.toThrow('1 line in it is not of this study');
  });

  // A blank line is not noticed on opening, so the next entry is written behind it and no longer has its line's number.
  it('by a blank line at the end does no harm to what is written next', async () => {
    const { folder, path } = await writtenJournal();
    appendFileSync(path, '\n');
    const archive = await openArchive(folder);
    await archive.append(stopped);
    expect(await (await openArchive(folder)).entries()).toHaveLength(5);
  });
});

describe('a disk that is full', () => {
  const mounted = temporaryMount();

  it.skipIf(mounted === undefined)('loses nothing that was journalled, and says what to do', async () => {
    const folder = join(mounted?.folder ?? '', 'study');
    const archive = await openFileArchive(folder, now);
    await archive.append(start as EntryBody);
    writeFileSync(join(mounted?.folder ?? '', 'filler'), Buffer.alloc(40 * 1024));
    let entries = 1;
    let failure: unknown;
    for (; failure === undefined && entries < 1000; entries++) {
      failure = await archive.append({ ...stopped, detail: 'x'.repeat(1000) } as EntryBody).then(
        () => undefined,
        (error: unknown) => error,
      );
    }
    expect(failure).toBeInstanceOf(ArchiveError);
    expect((failure as ArchiveError).message).toMatch(/could not be written: no room is left on its disk/);
    expect((failure as ArchiveError).hint).toMatch(/Make room on the disk/);
    const written = entries - 2 + 1;
    expect([...readJournal(join(folder, 'journal.jsonl'))]).toHaveLength(written);
    writeFileSync(join(mounted?.folder ?? '', 'filler'), '');
    expect((await archive.append(stopped)).seq).toBe(written + 1);
    await archive.close();
    const later = await openFileArchive(folder, now);
    expect(later.tornPath).toBeUndefined();
    expect(await later.entries()).toHaveLength(written + 1);
    await later.close();
  });
});

describe('a short write', () => {
  it('is continued until the whole line is written', async () => {
    const folder = temporaryFolder();
    const archive = await openArchive(folder);
    const handle = await fileHandlePrototype(folder);
    const write = handle.write;
    const short = vi.spyOn(handle, 'write').mockImplementation(function (this: unknown, ...args: unknown[]) {
      const [buffer, offset, length, ...rest] = args as [Buffer, number, number];
      return Reflect.apply(write, this, [buffer, offset, Math.min(length, 10), ...rest]);
    } as never);
    onTestFinished(() => short.mockRestore());
    await archive.append(start as EntryBody);
    expect(short.mock.calls.length).toBeGreaterThan(10);
    expect([...readJournal(join(folder, 'journal.jsonl'))]).toHaveLength(1);
  });

  it('that ends in an error is taken back', async () => {
    const folder = temporaryFolder();
    const archive = await openArchive(folder);
    await archive.append(start as EntryBody);
    const path = join(folder, 'journal.jsonl');
    const before = readFileSync(path);
    const handle = await fileHandlePrototype(folder);
    const write = handle.write;
    let calls = 0;
    const failing = vi.spyOn(handle, 'write').mockImplementation(function (this: unknown, ...args: unknown[]) {
      calls += 1;
      if (calls === 3) return Promise.reject(Object.assign(new Error('EIO: i/o error'), { code: 'EIO' }));
      const [buffer, offset, length, ...rest] = args as [Buffer, number, number];
      return Reflect.apply(write, this, [buffer, offset, Math.min(length, 10), ...rest]);
    } as never);
    onTestFinished(() => failing.mockRestore());
    await expect(archive.append(stopped)).rejects.toThrow('EIO');
    expect(readFileSync(path).equals(before)).toBe(true);
    failing.mockRestore();
    expect((await archive.append(stopped)).seq).toBe(2);
  });
});

it('a journal that cannot be read is an error that names it', () => {
  const folder = temporaryFolder();
  mkdirSync(join(folder, 'journal.jsonl'));
  expect(() => [...readJournal(join(folder, 'journal.jsonl'))]).toThrow(
    /journal\.jsonl must be a file, found a folder/,
  );
});

it('lines longer than the piece that is read at once come out whole', async () => {
  const folder = temporaryFolder();
  const archive = await openArchive(folder);
  const detail = 'Größe 🌙 '.repeat(200_000);
  await archive.append(start as EntryBody);
  await archive.append({ ...stopped, detail } as EntryBody);
  await archive.append(stopped);
  const entries = [...readJournal(join(folder, 'journal.jsonl'))];
  expect(entries[1]).toMatchObject({ detail });
  expect(entries).toHaveLength(3);
});

/** Whether a cut before this byte would split a character of several bytes. */
function isInsideCharacter(bytes: Buffer, index: number): boolean {
  return ((bytes[index] ?? 0) & 0xc0) === 0x80;
}

/** The prototype that file handles share, where a write can be made short. */
async function fileHandlePrototype(folder: string): Promise<{ write: (...args: never[]) => unknown }> {
  const handle = await open(join(folder, 'probe'), 'w');
  await handle.close();
  return Object.getPrototypeOf(handle);
}

/** A file system of 64 KiB; undefined, with the reason said, where it cannot be mounted. */
function temporaryMount(): { readonly folder: string } | undefined {
  const folder = join('/tmp', `nocturne-full-${process.pid}`);
  try {
    mkdirSync(folder, { recursive: true });
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=64k', 'tmpfs', folder], { stdio: 'pipe' });
  } catch (error) {
    process.stderr.write(`skipped: a full disk needs the right to mount one (${(error as Error).message.trim()})\n`);
    return undefined;
  }
  afterAll(() => {
    execFileSync('umount', [folder]);
    rmdirSync(folder);
  });
  return { folder };
}
