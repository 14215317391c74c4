/**
 * Reads a damaged journal with the code of a checkout, and says how that went.
 */
import { existsSync, mkdirSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { FileArchive } from '../../src/adapters/archive/file-archive.ts';
import type { FoldedJournal } from '../../src/adapters/archive/fold-journal.ts';
import type { Entry } from '../../src/core/journal/entry.ts';
import type { WholeHistory } from '../../src/core/journal/held-out.ts';

/** `wrong`: it shows something that was not journalled. `raised`: an error that is a bug. */
export const outcomes = ['whole', 'all but one', 'fewer', 'refused', 'wrong', 'raised'] as const;
export type Outcome = (typeof outcomes)[number];

export interface DamagedReader {
  /** The journal that is read. */
  readonly path: string;
  /** Entries of the journal as it was written. */
  readonly entries: number;
  /** As status, log and report read it. */
  readonly read: () => Promise<Outcome>;
  /** As a controller opens it; where that is refused, the code's own repair comes first, if it has one. */
  readonly goOn: () => Promise<Outcome>;
}

/** The reader of the checkout at this URL; `journal` is the journal as it was written. */
export async function openReader(checkout: string, folder: string, journal: Buffer): Promise<DamagedReader> {
  const load = (path: string) => import(`${checkout}/src/${path}`);
  const study = join(folder, 'study');
  mkdirSync(study);
  const path = join(study, 'journal.jsonl');
  const written = journal
    .toString()
    .trimEnd()
    .split('\n')
    .map((line) => asText(JSON.parse(line)));
  const known = new Set(written);
  const entriesOf = await readerOf(checkout, load);
  const { openFileArchive } = await load('adapters/archive/file-archive.ts');
  const repair = existsSync(fileURLToPath(`${checkout}/src/adapters/archive/repair-journal.ts`))
    ? await load('adapters/archive/repair-journal.ts')
    : undefined;
  const judge = (found: readonly Entry[]): Outcome => {
    if (!found.every((entry) => known.has(asText(entry)))) return 'wrong';
    const missing = written.length - new Set(found.map(asText)).size;
    if (missing === 0) return found.length === written.length ? 'whole' : 'wrong';
    return missing === 1 ? 'all but one' : 'fewer';
  };
  const attempt = async (act: () => Promise<readonly Entry[]>): Promise<Outcome> => {
    try {
      return judge(await act());
    } catch (error) {
      return (error as Error).name === 'ArchiveError' ? 'refused' : 'raised';
    }
  };
  const open = async () => {
    const archive: FileArchive = await openFileArchive(study, () => '2026-11-29T00:00:00.000Z');
    const entries = await archive.entries();
    await archive.close();
    return entries;
  };
  return {
    path,
    entries: written.length,
    read: () => attempt(async () => entriesOf(path)),
    goOn: async () => {
      const first = await attempt(open);
      const sound = first === 'refused' ? repair?.readForRepair(path) : undefined;
      if (sound) await repair.writeRepaired(path, sound, '2026-11-29T00:00:00.000Z');
      const outcome = sound ? await attempt(async () => (await open()).slice(0, -1)) : first;
      for (const name of readdirSync(study)) if (name !== 'journal.jsonl') rmSync(join(study, name));
      return outcome;
    },
  };
}

/** Reads as `status` of that checkout does: what it folds counts. */
async function readerOf(checkout: string, load: (path: string) => Promise<Record<string, never>>) {
  const read: Record<string, unknown> = await load('adapters/archive/read-journal.ts');
  const isTolerant = existsSync(fileURLToPath(`${checkout}/src/adapters/archive/fold-journal.ts`));
  const iterate = read[isTolerant ? 'readSound' : 'readJournal'] as (path: string) => Iterable<Entry>;
  const { foldWhole } = (await load('core/journal/fold.ts')) as unknown as {
    foldWhole: (entries: Iterable<Entry>) => WholeHistory | undefined;
  };
  const folder = isTolerant
    ? ((await load('adapters/archive/fold-journal.ts')) as unknown as { foldJournal: (path: string) => FoldedJournal })
        .foldJournal
    : (path: string) => ({ whole: foldWhole(iterate(path)) });
  return (path: string): Entry[] => {
    const { whole } = folder(path);
    const entries = [...iterate(path)];
    return entries.filter(({ seq }) => seq <= (whole?.history.lastSeq ?? 0));
  };
}

/** An entry without what a repair gives anew: its number. The checksum is that of the line. */
function asText(entry: object): string {
  const { seq: _, crc: __, ...rest } = entry as Record<string, unknown>;
  return JSON.stringify(rest);
}
