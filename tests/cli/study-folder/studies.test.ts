import { mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import { expect, test } from 'vitest';
import { findUnfinishedTag, hasJournal } from '../../../src/cli/study-folder/studies.ts';
import { formatLine } from '../../../src/core/journal/journal-line.ts';
import { createJournal, scored } from '../../helpers/journal.ts';
import { temporaryFolder } from '../../helpers/temporary-repo.ts';

test('a journal that holds nothing but a torn first line is of a study that has not begun', () => {
  const runs = mkdtempSync(join(tmpdir(), 'nocturne-runs-'));
  mkdirSync(join(runs, 'nov23'));
  writeFileSync(join(runs, 'nov23', 'journal.jsonl'), '{"seq":1,"at":"2026');
  expect(hasJournal(runs, 'nov23')).toBe(false);
  rmSync(runs, { recursive: true });
});

test('a copy of a study, made later as a backup, is not what goes on', () => {
  const runs = temporaryFolder();
  const { entries } = createJournal().baseline(scored(2));
  const lines = entries.map((entry) => `${formatLine(entry, crc32)}\n`).join('');
  const own = createJournal().history().tag;
  for (const [age, tag] of [own, 'backup'].entries()) {
    mkdirSync(join(runs, tag));
    writeFileSync(join(runs, tag, 'journal.jsonl'), lines);
    utimesSync(join(runs, tag, 'journal.jsonl'), 1000 + age, 1000 + age);
  }
  expect(findUnfinishedTag(runs)).toBe(own);
  rmSync(join(runs, own), { recursive: true });
  expect(findUnfinishedTag(runs)).toBe('backup');
});
