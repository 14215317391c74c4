/**
 * What the Python processes of a dry run read: their files, variables, modules and seeds, as `src/python/startup` records
 * them. What a C library opens by itself, and what is not Python, is not seen.
 */
import { readTextEnd } from '../files/read-file.ts';

/** Each is recorded once by each process; the order is that in which they happened. */
export interface Observations {
  /** Modules of the run's tree or of the owner's checkout. */
  readonly modules: readonly { readonly name: string; readonly path: string }[];
  /**
   * Files outside the Python installation, as absolute paths, also those that were not there; and folders of the project
   * that were listed.
   */
  readonly read: readonly string[];
  readonly written: readonly string[];
  /** Environment variables that the project's own code asked for, and whether they were set. */
  readonly variables: readonly { readonly name: string; readonly isSet: boolean; readonly askedBy: string }[];
  /** Random generators that were seeded: `numpy.random.seed` with `42`. */
  readonly seeds: readonly { readonly by: string; readonly value: string }[];
}

/** The environment, from `withOwnTree`, of a process that records to this file what it reads. */
export function withObservation(
  environment: Readonly<Record<string, string>>,
  record: string,
): Readonly<Record<string, string>> {
  return { ...environment, NOCTURNE_OBSERVE: record };
}

const maxRecordBytes = 1 << 20;

/** What the processes recorded; a script can write to the file too, so nothing in it is trusted. */
export async function readObservations(record: string): Promise<Observations> {
  const rows = ((await readTextEnd(record, maxRecordBytes)) ?? '').split('\n').map((line) => line.split('\t'));
  const of = (kind: string) => [
    ...new Map(rows.filter(([each]) => each === kind).map((row) => [row.join('\t'), row])).values(),
  ];
  return {
    modules: of('module').map(([, name = '', path = '']) => ({ name, path })),
    read: of('read').map(([, path = '']) => path),
    written: of('write').map(([, path = '']) => path),
    variables: of('variable').map(([, name = '', state, askedBy = '']) => ({ name, isSet: state === 'set', askedBy })),
    seeds: of('seed').map(([, by = '', value = '']) => ({ by, value })),
  };
}
