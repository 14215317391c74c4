/**
 * A study as three tables in CSV, for spreadsheets, pandas and DuckDB: experiments, runs, curves. They are written whole, so
 * that nothing can be in one twice.
 */
import { join } from 'node:path';
import type { TrackedExperiment } from '../../core/views/tracked-study.ts';
import type { Tracker } from '../../ports/tracker.ts';
import { makeFolder } from '../files/make-folder.ts';
import { writeOwners } from '../files/write-owners.ts';

type Row = Readonly<Record<string, unknown>>;

/** Writes `experiments.csv`, `runs.csv` and `curves.csv` into a folder. */
export function csvTracker(folder: string): Tracker {
  return {
    place: folder,
    // All of them are needed for a table, and to write one anew costs little.
    has: async () => false,
    send: async (experiments, sent) => {
      await makeFolder(folder);
      await writeOwners(join(folder, 'runs.csv'), csvText(experiments.flatMap(runRows)));
      await writeOwners(join(folder, 'curves.csv'), csvText(experiments.flatMap(curveRows)));
      await writeOwners(join(folder, 'experiments.csv'), csvText(experiments.map(experimentCells)));
      for (const experiment of experiments) await sent(experiment);
    },
  };
}

function experimentCells(tracked: TrackedExperiment): Row {
  const { experiment, title, startedAt, endedAt, status, tags, metrics, params, runs } = tracked;
  const { study, experiment: _, status: __, ...further } = tags;
  return {
    ...{ study, experiment, status, title, started_at: startedAt, ended_at: endedAt, runs: runs.length },
    ...metrics,
    ...prefixed('knob', params),
    ...further,
  };
}

function runRows({ experiment, runs, tags }: TrackedExperiment): Row[] {
  return runs.map(({ run, seed, outcome, isCounted, seconds, startedAt, endedAt, metrics }) => ({
    ...{ study: tags.study, experiment, run, seed, outcome, counted: isCounted },
    ...{ started_at: startedAt, ended_at: endedAt, run_seconds: seconds },
    ...metrics,
  }));
}

function curveRows({ experiment, curve, tags }: TrackedExperiment): Row[] {
  return (curve?.points ?? []).map(({ at, loss }) => ({ study: tags.study, experiment, unit: curve?.unit, at, loss }));
}

function prefixed(prefix: string, cells: Row): Row {
  return Object.fromEntries(Object.entries(cells).map(([name, value]) => [`${prefix}.${name}`, value]));
}

/** The rows under the names of all their columns, in the order in which they first occur; empty for no rows. */
function csvText(rows: readonly Row[]): string {
  const names = [...new Set(rows.flatMap((row) => Object.keys(row)))];
  const lines = [names, ...rows.map((row) => names.map((name) => row[name]))];
  return names.length === 0 ? '' : `${lines.map((cells) => cells.map(cell).join(',')).join('\r\n')}\r\n`;
}

/** RFC 4180; nothing is an empty cell. */
function cell(value: unknown): string {
  if (value === undefined || value === null) return '';
  const text = typeof value === 'object' ? JSON.stringify(value) : String(value);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
