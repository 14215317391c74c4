/** A study's folder that no controller wrote: its journal, and what else is given. */
import { appendFileSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { crc32 } from 'node:zlib';
import type { Entry } from '../../src/core/journal/entry.ts';
import { formatLine } from '../../src/core/journal/journal-line.ts';

/** The entries as the lines of a journal. */
export function journalText(entries: readonly Entry[]): string {
  return entries.map((entry) => `${formatLine(entry, crc32)}\n`).join('');
}

/** Writes a study into `runs/<tag>` below a folder, with these files in it; gives the study's folder. */
export function writeStudy(
  project: string,
  tag: string,
  entries: readonly Entry[],
  files: Readonly<Record<string, string>> = {},
): string {
  const folder = join(project, 'runs', tag);
  mkdirSync(folder, { recursive: true });
  for (const [path, content] of Object.entries({ 'journal.jsonl': journalText(entries), ...files })) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), content);
  }
  return folder;
}

/** Adds entries to the journal of a study's folder. */
export function addEntries(folder: string, entries: readonly Entry[]): void {
  appendFileSync(join(folder, 'journal.jsonl'), journalText(entries));
}
