/**
 * Reads folders of W&B runs: `files/wandb-summary.json` and `files/config.yaml` where they are, else the run's own log
 * (`run-*.wandb`), which is all that an offline run leaves.
 */
import { basename, join } from 'node:path';
import { parse } from 'yaml';
import { z } from 'zod';
import { parseJson } from '../../core/base/parse-json.ts';
import type { LedgerSource } from '../../core/imported/json-ledger.ts';
import { type TrackedRun, tableOfRuns } from '../../core/imported/tracked-runs.ts';
import { readBytes, readText } from '../files/read-file.ts';
import { filesIn, foldersIn } from './folders-in.ts';
import { readWandbLog } from './wandb-log.ts';

const runFolder = /^(?:offline-)?run-\d{8}_\d{6}-(\w{1,64})$/;

/** The runs in this folder, or the folder itself as one; undefined for any other folder. */
export async function wandbSource(folder: string): Promise<LedgerSource | undefined> {
  const inside = (await foldersIn(folder)).filter((name) => runFolder.test(name));
  const folders = runFolder.test(basename(folder)) ? [folder] : inside.map((name) => join(folder, name));
  if (folders.length === 0) return undefined;
  const runs: TrackedRun[] = [];
  // The names begin with the time of the start.
  const inTime = folders.toSorted((a, b) => startOf(a).localeCompare(startOf(b)));
  for (const each of inTime) runs.push(await runIn(each, runs.length + 1));
  return { format: 'W&B runs', unit: 'run', tables: [tableOfRuns({ name: '', runs })], leftOut: [], notes: [] };
}

function startOf(folder: string): string {
  return basename(folder).replace(/^offline-/, '');
}

async function runIn(folder: string, line: number): Promise<TrackedRun> {
  const log = (await filesIn(folder)).find((name) => name.endsWith('.wandb'));
  const file = log === undefined ? undefined : await readBytes(join(folder, log));
  const logged = file?.kind === 'read' ? readWandbLog(file.bytes) : undefined;
  const summary = asRecord(parseJson((await readText(join(folder, 'files', 'wandb-summary.json'))) ?? ''));
  const config = configIn((await readText(join(folder, 'files', 'config.yaml'))) ?? '');
  const code = logged?.exitCode;
  return {
    line,
    id: runFolder.exec(basename(folder))?.[1] ?? '',
    title: logged?.name ?? '',
    state: code === undefined ? '' : code === 0 ? 'finished' : 'crashed',
    metrics: numbersOf({ ...logged?.summary, ...summary }),
    settings: { ...logged?.config, ...config },
  };
}

/** Numbers that the script logged: names with `_` before them are W&B's own. */
function numbersOf(summary: Readonly<Record<string, unknown>>): Record<string, number | null> {
  const numbers = Object.entries(summary).flatMap(([name, value]) =>
    typeof value === 'number' && !name.startsWith('_') ? [[name, value] as const] : [],
  );
  return Object.fromEntries(numbers);
}

const valueSchema = z.object({ value: z.unknown() });

/** `lr: {value: 0.1}` for each setting, beside W&B's own keys. */
function configIn(text: string): Record<string, unknown> {
  let raw: unknown;
  try {
    raw = parse(text, { maxAliasCount: 0 });
  } catch {
    return {};
  }
  const entries = Object.entries(asRecord(raw)).flatMap(([name, value]) => {
    const held = valueSchema.safeParse(value);
    return held.success && !/^_?wandb/.test(name) ? [[name, held.data.value] as const] : [];
  });
  return Object.fromEntries(entries);
}

function asRecord(value: unknown): Readonly<Record<string, unknown>> {
  return z.record(z.string(), z.unknown()).safeParse(value).data ?? {};
}
