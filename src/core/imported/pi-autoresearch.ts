/**
 * The log of pi-autoresearch (`.auto/log.jsonl`, earlier `autoresearch.jsonl`): a line of JSON for each run, and a config
 * line that names the metric and its direction and begins a segment.
 *
 * Its own reader is `extensions/pi-autoresearch/jsonl.ts` of davebcn87/pi-autoresearch: a run without a status was kept,
 * and a config without a direction means that lower is better.
 */
import { z } from 'zod';
import type { Goal } from '../base/metric.ts';
import type { Table } from './table.ts';
import { cellOf, ownCell } from './tracked-runs.ts';

const configSchema = z.looseObject({
  type: z.literal('config'),
  name: z.string().optional(),
  metricName: z.string().optional(),
  bestDirection: z.string().optional(),
});
const runSchema = z.looseObject({
  run: z.number(),
  commit: z.string().optional(),
  metric: z.number().nullish(),
  metrics: z.record(z.string(), z.unknown()).nullish(),
  status: z.string().optional(),
  description: z.string().optional(),
});

/** A value of the log, and the line that it stands on. */
export interface JsonLine {
  readonly line: number;
  readonly value: unknown;
}

/** Whether these lines are such a log: they have a config, or runs with its fields. */
export function isPiLog(lines: readonly JsonLine[]): boolean {
  const isConfig = lines.some(({ value }) => configSchema.extend({ metricName: z.string() }).safeParse(value).success);
  const runs = lines.filter(
    ({ value }) => runSchema.extend({ metric: z.number(), metrics: z.unknown() }).safeParse(value).success,
  );
  return isConfig || runs.length > lines.length / 2;
}

/** Each segment as a table, and the lines that are neither config nor run. */
export function piTables(lines: readonly JsonLine[]): { tables: readonly Table[]; others: readonly JsonLine[] } {
  const tables: Table[] = [];
  const others: JsonLine[] = [];
  let config: { name: string; metric: string; goal: Goal | undefined } = {
    name: '',
    metric: 'metric',
    goal: undefined,
  };
  let runs: { line: number; run: z.infer<typeof runSchema> }[] = [];
  const close = () => {
    if (runs.length > 0) tables.push(segment(config, runs));
    runs = [];
  };
  for (const { line, value } of lines) {
    const header = configSchema.safeParse(value);
    const run = runSchema.safeParse(value);
    if (header.success) {
      close();
      const { name = config.name, metricName = config.metric, bestDirection } = header.data;
      config = { name, metric: metricName, goal: bestDirection === 'higher' ? 'maximize' : 'minimize' };
    } else if (run.success) runs.push({ line, run: run.data });
    else others.push({ line, value });
  }
  close();
  // A log that has only begun still names its metric.
  if (tables.length === 0) tables.push(segment(config, []));
  return { tables, others };
}

function segment(
  { name, metric, goal }: { name: string; metric: string; goal: Goal | undefined },
  runs: readonly { line: number; run: z.infer<typeof runSchema> }[],
): Table {
  const secondary = [...new Set(runs.flatMap(({ run }) => Object.keys(run.metrics ?? {})))]
    .filter((key) => key !== metric)
    .slice(0, 100);
  const rows = runs.map(({ line, run }) => ({
    line,
    cells: [
      run.commit ?? '',
      cellOf(run.metric),
      run.status ?? 'keep',
      run.description ?? '',
      ...secondary.map((key) => ownCell(run.metrics ?? {}, key)),
    ],
  }));
  return { name, columns: ['commit', metric, 'status', 'description', ...secondary], rows, metric, goal };
}
