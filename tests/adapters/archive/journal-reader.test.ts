import { appendFileSync, renameSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { foldJournal } from '../../../src/adapters/archive/fold-journal.ts';
import { createJournalReader } from '../../../src/adapters/archive/journal-reader.ts';
import { createJournal, scored } from '../../helpers/journal.ts';
import { temporaryFolder } from '../../helpers/temporary-repo.ts';
import { addEntries, journalText, writeStudy } from '../../helpers/written-study.ts';

const { entries } = createJournal()
  .baseline(scored(2.0674), scored(2.05))
  .experiment(scored(1.9), 'keep')
  .experiment(scored(2.2), 'revert', 'Größe 🌙')
  .experiment(scored(1.8), 'keep');

it('at every length of a growing journal, unfinished lines included, a reader says what a whole reading does', () => {
  const folder = writeStudy(temporaryFolder(), 'a', []);
  const path = join(folder, 'journal.jsonl');
  const read = createJournalReader(path);
  const bytes = Buffer.from(journalText(entries));
  for (let from = 0; from < bytes.length; from += 97) {
    appendFileSync(path, bytes.subarray(from, from + 97));
    expect(read(), `${from} bytes`).toEqual(foldJournal(path));
  }
  expect(read().whole?.history.lastSeq).toBe(entries.length);
});

it('a journal that has not changed is the same object, and one that has is another', () => {
  const folder = writeStudy(temporaryFolder(), 'a', entries.slice(0, 8));
  const read = createJournalReader(join(folder, 'journal.jsonl'));
  const before = read();
  expect(read()).toBe(before);
  addEntries(folder, entries.slice(8, 9));
  expect(read()).not.toBe(before);
});

it('a journal that was cut, put back, repaired or removed is read anew', () => {
  const folder = writeStudy(temporaryFolder(), 'a', entries);
  const path = join(folder, 'journal.jsonl');
  const read = createJournalReader(path);
  read();
  truncateSync(path, journalText(entries.slice(0, 8)).length);
  expect(read()).toEqual(foldJournal(path));
  writeFileSync(`${path}.new`, journalText(entries));
  renameSync(`${path}.new`, path);
  expect(read().whole?.history.lastSeq).toBe(entries.length);
  renameSync(path, `${path}.gone`);
  expect(read()).toEqual({ whole: undefined });
});

it('a foreign line in a growing journal is told as damage, and is gone once it is repaired', () => {
  const folder = writeStudy(temporaryFolder(), 'a', entries.slice(0, 8));
  const path = join(folder, 'journal.jsonl');
  const read = createJournalReader(path);
  read();
  appendFileSync(path, 'not of a controller\n');
  addEntries(folder, entries.slice(8));
  expect(read()).toEqual(foldJournal(path));
  expect(read().damage).toBeDefined();
  writeFileSync(path, journalText(entries));
  expect(read().damage).toBeUndefined();
});
