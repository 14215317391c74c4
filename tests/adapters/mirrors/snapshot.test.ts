import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { openFileArchive } from '../../../src/adapters/archive/file-archive.ts';
import { takeSnapshot } from '../../../src/adapters/mirrors/snapshot.ts';
import type { Entry, EntryBody } from '../../../src/core/journal/entry.ts';
import { createJournal } from '../../helpers/journal.ts';
import { temporaryFolder } from '../../helpers/temporary-repo.ts';

it('a pipe or a folder in place of a summary is left out, and holds up no save', { timeout: 5000 }, async () => {
  const folder = temporaryFolder();
  const archive = await openFileArchive(folder, () => '2024-11-23T22:00:00.000Z');
  const [{ seq: _, at: __, ...started }] = createJournal().entries as [Entry];
  await archive.append(started as EntryBody);
  await archive.close();
  writeFileSync(join(folder, 'report.md'), 'a report\n');
  execFileSync('mkfifo', [join(folder, 'results.tsv')]);
  mkdirSync(join(folder, 'report.html'));
  const snapshot = await takeSnapshot(folder, join(folder, 'mirror', 'stage'));
  expect(snapshot?.files.map(({ path }) => path)).toEqual(['report.md', 'journal.jsonl']);
});
