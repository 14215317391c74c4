/**
 * Reads a folder of MLflow's file store (`mlruns`): a folder for each experiment, in it one for each run.
 */
import { join } from 'node:path';
import { parse } from 'yaml';
import { z } from 'zod';
import { parseStrictNumber } from '../../core/base/strict-number.ts';
import type { LedgerSource } from '../../core/imported/json-ledger.ts';
import { type TrackedRun, tableOfRuns } from '../../core/imported/tracked-runs.ts';
import { readText, readTextEnd } from '../files/read-file.ts';
import { filesIn, foldersIn } from './folders-in.ts';

const experimentSchema = z.object({ experiment_id: z.coerce.string(), name: z.coerce.string() });
const runSchema = z.object({
  run_id: z.string().optional(),
  run_uuid: z.string().optional(),
  run_name: z.string().nullish(),
  status: z.union([z.number(), z.string()]).optional(),
  lifecycle_stage: z.string().optional(),
  start_time: z.number().nullish(),
});

/** `RunStatus` of MLflow's protocol. */
const states = ['', 'running', 'scheduled', 'finished', 'failed', 'killed'];

/** The experiments of a store, or of one experiment's folder; undefined for any other folder. */
export async function mlflowSource(folder: string): Promise<LedgerSource | undefined> {
  const own = await readYaml(join(folder, 'meta.yaml'), experimentSchema);
  const folders = own ? [folder] : (await foldersIn(folder)).map((name) => join(folder, name));
  const tables = [];
  let isStore = own !== undefined;
  for (const each of folders) {
    const experiment = await readYaml(join(each, 'meta.yaml'), experimentSchema);
    if (!experiment) continue;
    isStore = true;
    const runs = await runsIn(each);
    if (runs.length > 0) tables.push(tableOfRuns({ name: experiment.name, runs }));
  }
  return isStore ? { format: 'MLflow folder', unit: 'run', tables, leftOut: [], notes: [] } : undefined;
}

async function runsIn(experiment: string): Promise<readonly TrackedRun[]> {
  const found: { run: Omit<TrackedRun, 'line'>; start: number }[] = [];
  for (const name of await foldersIn(experiment)) {
    const folder = join(experiment, name);
    const meta = await readYaml(join(folder, 'meta.yaml'), runSchema);
    if (!meta || meta.lifecycle_stage === 'deleted') continue;
    const state = typeof meta.status === 'number' ? (states[meta.status] ?? '') : (meta.status ?? '');
    const run = {
      id: (meta.run_id ?? meta.run_uuid ?? name).slice(0, 8),
      title: meta.run_name ?? '',
      state,
      metrics: await metricsIn(join(folder, 'metrics')),
      settings: await settingsIn(join(folder, 'params')),
    };
    found.push({ run, start: meta.start_time ?? 0 });
  }
  return found.toSorted((a, b) => a.start - b.start).map(({ run }, index) => ({ ...run, line: index + 1 }));
}

/** The last value of each metric: a line has the time, the value and the step. */
async function metricsIn(folder: string): Promise<Record<string, number | null>> {
  const entries: [string, number | null][] = [];
  for (const name of await filesIn(folder)) {
    const end = (await readTextEnd(join(folder, name), 4096)) ?? '';
    const last = end.trimEnd().split('\n').at(-1) ?? '';
    entries.push([name, parseStrictNumber(last.split(' ')[1] ?? '')?.value ?? null]);
  }
  return Object.fromEntries(entries);
}

async function settingsIn(folder: string): Promise<Record<string, string>> {
  const entries: [string, string][] = [];
  for (const name of await filesIn(folder))
    entries.push([name, ((await readTextEnd(join(folder, name), 4096)) ?? '').trim()]);
  return Object.fromEntries(entries);
}

async function readYaml<Value>(path: string, schema: z.ZodType<Value>): Promise<Value | undefined> {
  const text = await readText(path);
  if (text === undefined) return undefined;
  try {
    return schema.safeParse(parse(text, { maxAliasCount: 0 })).data;
  } catch {
    return undefined;
  }
}
