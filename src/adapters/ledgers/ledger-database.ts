/**
 * Reads a ledger that is a SQLite database, with Python's own sqlite3: Optuna and MLflow by their tables, others as they are.
 */
import { execa } from 'execa';
import { z } from 'zod';
import { ArchiveError, SettingsError } from '../../core/base/errors.ts';
import { parseJson } from '../../core/base/parse-json.ts';
import { type LedgerSource, optunaNotes } from '../../core/imported/json-ledger.ts';
import { optunaStudySchema, trackedOptuna } from '../../core/imported/optuna.ts';
import { cellOf, tableOfRuns } from '../../core/imported/tracked-runs.ts';
import { packagePath } from '../package-root.ts';

const runSchema = z.object({
  id: z.string(),
  title: z.string(),
  state: z.string(),
  metrics: z.record(z.string(), z.number().nullable()),
  settings: z.record(z.string(), z.unknown()),
});
const replySchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('optuna'), studies: z.array(optunaStudySchema) }),
  z.object({
    kind: z.literal('mlflow'),
    experiments: z.array(z.object({ name: z.string(), runs: z.array(runSchema) })),
  }),
  z.object({
    kind: z.literal('tables'),
    tables: z.array(z.object({ name: z.string(), columns: z.array(z.string()), rows: z.array(z.array(z.unknown())) })),
  }),
  z.object({ kind: z.literal('unreadable'), reason: z.string() }),
]);

/** What the database holds. Throws a SettingsError without a python3, an ArchiveError for a damaged database. */
export async function readLedgerDatabase(path: string): Promise<LedgerSource> {
  const { stdout, failed, shortMessage } = await execa(
    'python3',
    ['-I', packagePath('src', 'python', 'read_ledger_database.py'), path],
    { reject: false, timeout: 60_000, maxBuffer: 256_000_000 },
  );
  if (failed) {
    throw new SettingsError(`The database ${path} cannot be read: ${shortMessage ?? 'python3 failed'}.`, {
      hint: 'It takes a python3 with its sqlite3 module on the PATH.',
    });
  }
  const reply = replySchema.parse(parseJson(stdout));
  switch (reply.kind) {
    case 'unreadable':
      throw new ArchiveError(`${path}: expected a SQLite database, found one that cannot be read (${reply.reason}).`);
    case 'optuna': {
      const tables = reply.studies.map((study) => tableOfRuns(trackedOptuna(study)));
      return { format: 'Optuna storage', unit: 'trial', tables, leftOut: [], notes: optunaNotes(reply.studies) };
    }
    case 'mlflow': {
      const tables = reply.experiments.map(({ name, runs }) =>
        tableOfRuns({ name, runs: runs.map((run, index) => ({ ...run, line: index + 1 })) }),
      );
      return { format: 'MLflow database', unit: 'run', tables, leftOut: [], notes: [] };
    }
    case 'tables': {
      const tables = reply.tables.map(({ name, columns, rows }) => ({
        name,
        columns,
        rows: rows.map((cells, index) => ({ line: index + 1, cells: cells.map(cellOf) })),
      }));
      return { format: 'SQLite database', unit: 'row', tables, leftOut: [], notes: [] };
    }
    default:
      return reply satisfies never;
  }
}
