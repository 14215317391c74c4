/**
 * The experiments of a study as a table: the figures of `nocturne log`, then a column for every knob that was set and
 * for every metric that was printed.
 */
import { type ExperimentRow, experimentRows } from '../../journal/experiment-row.ts';
import { countedRuns, type ExperimentRecord, type History } from '../../journal/history.ts';
import { journalledKnobs, knobsSet } from '../../space/trials/journalled-knobs.ts';
import { shortKnobNames } from '../../space/trials/trials.ts';
import { mean } from '../../statistics/moments.ts';

export type Cell = number | string | null;

/** How the numbers of a column are printed; a text is printed as it is. */
export type CellForm = 'text' | 'count' | 'score' | 'gain' | 'probability' | 'duration' | 'usd' | 'knob' | 'figure';

export interface Column {
  /** Such as `gain`, `knob:train.py:DEPTH` or `metric:num_steps`. */
  readonly id: string;
  /** What stands above it. */
  readonly name: string;
  readonly group: 'experiment' | 'knob' | 'metric';
  readonly form: CellForm;
  /** By experiment. */
  readonly cells: readonly Cell[];
}

export interface ExperimentTable {
  readonly rows: readonly ExperimentRow[];
  readonly columns: readonly Column[];
}

/** Columns beyond this many are left out: a script may print a metric for each layer of a large model. */
const maxColumns = 300;

/** The table of all experiments; a caller that has the rows passes them. */
export function experimentTable(
  history: History,
  rows: readonly ExperimentRow[] = experimentRows(history),
): ExperimentTable {
  const columns = [...ownColumns(history, rows), ...knobColumns(history), ...metricColumns(history)];
  return { rows, columns: columns.slice(0, maxColumns) };
}

type Own = readonly [id: keyof ExperimentRow, form: CellForm, name?: string];

const own: readonly Own[] = [
  ['experiment', 'count', '#'],
  ['status', 'text'],
  ['metric', 'score'],
  ['gain', 'gain'],
  ['error', 'score', '±'],
  ['probability', 'probability', 'real with'],
  ['title', 'text', 'what'],
  ['researcher', 'text', 'proposed by'],
  ['arm', 'text'],
  ['parent', 'count'],
  ['seconds', 'duration', 'run time'],
  ['usd', 'usd', 'USD'],
  ['vouched', 'text'],
  ['outcome', 'text'],
  ['contended', 'count'],
  ['slot', 'count'],
  ['commit', 'text'],
  ['reason', 'text'],
];

function ownColumns({ frozen }: History, rows: readonly ExperimentRow[]): Column[] {
  return own.map(([id, form, name = id]) => ({
    id,
    name: id === 'metric' ? frozen.metric.name : name,
    group: 'experiment',
    form,
    cells: rows.map((row) => row[id]),
  }));
}

/** The knobs in the order in which they were first set; one of several files has the file in its name. */
function knobColumns(history: History): Column[] {
  const known = journalledKnobs(history);
  const keys = knobsSet(known);
  const nameOf = shortKnobNames(keys);
  return [...keys].map((key) => ({
    id: `knob:${key}`,
    name: nameOf(key),
    group: 'knob',
    form: 'knob',
    cells: history.experiments.map(({ experiment }) => cellOf(known.get(experiment)?.[key])),
  }));
}

function cellOf(value: unknown): Cell {
  if (value === undefined) return null;
  return typeof value === 'number' || typeof value === 'string' ? value : JSON.stringify(value);
}

/** What the scripts printed beside the score, as the mean of the runs that count. */
function metricColumns({ experiments, frozen }: History): Column[] {
  const printed = experiments.map(printedBy);
  const names = new Set(printed.flatMap((metrics) => [...metrics.keys()]));
  names.delete(frozen.metric.name);
  return [...names].map((name) => ({
    id: `metric:${name}`,
    name,
    group: 'metric',
    form: 'figure',
    cells: printed.map((metrics) => metrics.get(name) ?? null),
  }));
}

function printedBy(record: ExperimentRecord): ReadonlyMap<string, number> {
  const values = new Map<string, number[]>();
  for (const { result } of countedRuns(record)) {
    for (const [name, value] of Object.entries(result?.measurement?.metrics ?? {})) {
      const known = values.get(name);
      if (known) known.push(value);
      else values.set(name, [value]);
    }
  }
  return new Map([...values].map(([name, all]) => [name, mean(all)]));
}
