/**
 * The runs that a tracker or a search kept, as a table: the one shape that all of them are read through.
 */
import type { Goal } from '../base/metric.ts';
import type { Table } from './table.ts';

/** A run, trial, node or program. */
export interface TrackedRun {
  /** Its number, from 1. */
  readonly line: number;
  readonly id: string;
  readonly title: string;
  /** Its state or decision in the tracker's own word. */
  readonly state: string;
  readonly metrics: Readonly<Record<string, number | null>>;
  readonly settings: Readonly<Record<string, unknown>>;
}

/** What is known of all the runs of one study. */
export interface TrackedStudy {
  readonly name: string;
  readonly runs: readonly TrackedRun[];
  readonly metric?: string | undefined;
  readonly goal?: Goal | undefined;
}

/** The study as a table: `metrics.x` and `params.x` are its columns beside those of every run. */
export function tableOfRuns({ name, runs, metric, goal }: TrackedStudy): Table {
  const metrics = keysOf(runs.map((run) => run.metrics));
  const settings = keysOf(runs.map((run) => run.settings));
  const columns = [
    'id',
    'description',
    'status',
    ...metrics.map((key) => `metrics.${key}`),
    ...settings.map((key) => `params.${key}`),
  ];
  const rows = runs.map((run) => ({
    line: run.line,
    cells: [
      run.id,
      run.title,
      run.state,
      ...metrics.map((key) => ownCell(run.metrics, key)),
      ...settings.map((key) => ownCell(run.settings, key)),
    ],
  }));
  return { name, columns, rows, goal, metric: metric === undefined ? undefined : `metrics.${metric}` };
}

/** More columns than this are not kept: a tracker may hold thousands of series. */
const maxColumns = 300;

function keysOf(records: readonly Readonly<Record<string, unknown>>[]): readonly string[] {
  return [...new Set(records.flatMap((record) => Object.keys(record)))].slice(0, maxColumns);
}

/** The cell of a key that any file may have named, `constructor` too; empty where the record lacks it. */
export function ownCell(record: Readonly<Record<string, unknown>>, key: string): string {
  return Object.hasOwn(record, key) ? cellOf(record[key]) : '';
}

/** A value as a cell's text; empty for none. */
export function cellOf(value: unknown): string {
  if (value === null || value === undefined) return '';
  if (typeof value === 'string') return value;
  return typeof value === 'object' ? JSON.stringify(value).slice(0, 500) : String(value);
}
