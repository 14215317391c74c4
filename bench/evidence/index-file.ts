/**
 * The index of a folder of public ledgers: a table with tabs and a header, whose columns `file` and `repository` say where
 * each ledger is from; `path` is its place in the repository, other columns are not read.
 */
import { readFile } from 'node:fs/promises';
import { SettingsError } from '../../src/core/base/errors.ts';

/** A ledger in the folder. */
export interface IndexedLedger {
  readonly file: string;
  /** `owner/name`, as GitHub spells it. */
  readonly repository: string;
  /** Its place in the repository; empty where the index has none. */
  readonly path: string;
}

/** The ledgers of an index. Throws a SettingsError where it lacks a column. */
export async function readIndex(path: string): Promise<IndexedLedger[]> {
  const [header = '', ...lines] = (await readFile(path, 'utf8')).split(/\r?\n/);
  const columns = header.split('\t');
  const [file, repository, place] = ['file', 'repository', 'path'].map((name) => columns.indexOf(name));
  if (file === undefined || repository === undefined || file < 0 || repository < 0)
    throw new SettingsError(`${path}: expected a table with tabs and the columns file and repository, found ${header}`);
  return lines
    .filter((line) => line !== '')
    .map((line) => line.split('\t'))
    .map((cells) => ({ file: cells[file] ?? '', repository: cells[repository] ?? '', path: cells[place ?? -1] ?? '' }));
}
