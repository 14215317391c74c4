/**
 * What a Colab machine tells of a job while it runs, and the copies of its logs here.
 */
import { appendFile, stat } from 'node:fs/promises';
import { z } from 'zod';
import type { Job, JobState, Stage } from '../../../ports/engine.ts';
import { logPath } from '../job-files.ts';

const stateSchema = z.object({
  started: z.object({ startedAt: z.string() }).nullable(),
  hasEnded: z.boolean(),
  isAlive: z.boolean(),
  logs: z.record(z.string(), z.number()),
  ended: z.array(z.string()),
});

/** What the machine tells of a job in one line. */
export const frameSchema = z.object({
  state: stateSchema.optional(),
  logs: z.record(z.string(), z.object({ from: z.number(), data: z.base64() })).optional(),
  home: z.object({ parts: z.number(), sha256: z.string() }).optional(),
  failed: z.string().optional(),
});

/** The state of a job that runs, as the machine tells it. */
export function running(job: Job, { started, logs, ended }: z.infer<typeof stateSchema>): JobState {
  const elapsedSeconds = started ? Math.max(0, (Date.now() - Date.parse(started.startedAt)) / 1000) : 0;
  const stage = job.stages.findLast(({ name }) => logs[name] !== undefined)?.name;
  return { kind: 'running', elapsedSeconds, stage: stage && !ended.includes(stage) ? stage : undefined };
}

const stageNames: readonly Stage['name'][] = ['prepare', 'train', 'score'];

/** How much of each log is here. */
export async function offsetsOf(job: Job): Promise<Record<string, number>> {
  const sizes = stageNames.map(async (name) => [name, await sizeOf(logPath(job, name))] as const);
  return Object.fromEntries(await Promise.all(sizes));
}

async function sizeOf(path: string): Promise<number> {
  return stat(path).then(
    ({ size }) => size,
    () => 0,
  );
}

/** Adds what a log has gained to the copy here; what overlaps is here already. */
export async function mirror(job: Job, logs: Readonly<Record<string, { from: number; data: string }>>): Promise<void> {
  for (const name of stageNames) {
    const gained = logs[name];
    if (gained === undefined) continue;
    const path = logPath(job, name);
    const here = await sizeOf(path);
    const bytes = Buffer.from(gained.data, 'base64').subarray(Math.max(0, here - gained.from));
    if (gained.from <= here) await appendFile(path, bytes);
  }
}
