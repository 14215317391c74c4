/**
 * Reads a ledger from disk: a text, a database, or the folder of a tracker.
 */
import { stat } from 'node:fs/promises';
import { ArchiveError, SettingsError } from '../../core/base/errors.ts';
import type { Ledger } from '../../core/imported/ledger.ts';
import { ledgerOf, readTextLedger } from '../../core/imported/read-text.ts';
import { readBytes } from '../files/read-file.ts';
import { readLedgerDatabase } from './ledger-database.ts';
import { folderSource } from './ledger-folder.ts';

/** A ledger, and when its file was last written. */
export interface LedgerFile {
  readonly ledger: Ledger;
  readonly at: string;
}

/** More than any ledger of lines has. */
const maxBytes = 1 << 26;

/** The ledger at this path, with its scores in the column `metric` where the owner names it. Throws a SettingsError where nothing can be read, an ArchiveError where it holds no scores. */
export async function readLedger(path: string, metric?: string): Promise<LedgerFile> {
  const found = await stat(path).catch((cause: NodeJS.ErrnoException) => {
    throw new SettingsError(`The ledger ${path} cannot be read: ${cause.message}.`, { hint, cause });
  });
  const at = found.mtime.toISOString();
  if (found.isDirectory()) {
    const inside = await folderSource(path);
    if (inside.kind === 'source') return { ledger: ledgerOf(inside.source, path, metric), at };
    if (inside.kind === 'file') return readLedger(inside.path, metric);
    throw new ArchiveError(
      `${path}: expected a folder of MLflow, W&B, OpenEvolve, AIDE or pi-autoresearch, or one with a results.tsv, found neither.`,
      { hint },
    );
  }
  const file = await readBytes(path, maxBytes);
  if (file.kind !== 'read') {
    const what = file.kind === 'absent' ? 'it is not there' : `found ${file.found}`;
    throw new SettingsError(`The ledger ${path} cannot be read: ${what}.`, { hint });
  }
  if (file.bytes.subarray(0, 15).toString('latin1') === 'SQLite format 3') {
    return { ledger: ledgerOf(await readLedgerDatabase(path), path, metric), at };
  }
  return { ledger: readTextLedger(textIn(file.bytes), path, metric), at };
}

const hint = 'Name a ledger such as results.tsv, optuna.db or mlruns; docs/import.md lists what can be read.';

/** UTF-16, as PowerShell writes it, by its mark; else UTF-8. */
function textIn(bytes: Buffer): string {
  const isLittle = bytes[0] === 0xff && bytes[1] === 0xfe;
  return new TextDecoder(isLittle ? 'utf-16le' : 'utf-8').decode(bytes).replaceAll('\0', '');
}
