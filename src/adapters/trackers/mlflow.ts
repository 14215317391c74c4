/**
 * A study as an MLflow experiment: one run for each experiment, known by a tag with its key, so that it is never there twice.
 *
 * What is logged goes in batches, each with a tag that says how far the run is. A server carries a batch out whole or not at
 * all, whatever becomes of this process, so another try goes on behind the last one.
 */
import { createHash } from 'node:crypto';
import { z } from 'zod';
import { StudyError } from '../../core/base/errors.ts';
import type { TrackedExperiment } from '../../core/views/tracked-study.ts';
import type { Tracker } from '../../ports/tracker.ts';
import { batchesOf, tagsOf } from './mlflow-batches.ts';
import { type MlflowClient, mlflowClient } from './mlflow-client.ts';

export interface MlflowOptions {
  readonly uri: string;
  /** The name of MLflow's experiment, which is the whole study. */
  readonly name: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
}

const keyTag = 'nocturne.key';
const progressTag = 'nocturne.sent';

const nothing = z.looseObject({});
const experimentSchema = z.object({ experiment: z.object({ experiment_id: z.string(), lifecycle_stage: z.string() }) });
const runSchema = z.object({
  info: z.object({ run_id: z.string(), artifact_uri: z.string().optional() }),
  data: z.object({ tags: z.array(z.object({ key: z.string(), value: z.string() })).optional() }),
});
type Run = z.infer<typeof runSchema>;

/** Sends to the MLflow server at this address. */
export function mlflowTracker({ uri, name, environment }: MlflowOptions): Tracker {
  const { address } = mlflowClient(uri, environment);
  return {
    place: `${address}, experiment ${name}`,
    has: async () => true,
    send: async (experiments, sent, signal) => {
      const client = mlflowClient(uri, environment, signal);
      const id = await requireExperiment(client, name);
      for (const experiment of experiments) {
        await sendOne(client, id, experiment);
        await sent(experiment);
      }
    },
  };
}

/** The id of MLflow's experiment of this name, made where there is none. */
async function requireExperiment(client: MlflowClient, name: string): Promise<string> {
  const found = await findExperiment(client, name);
  if (found !== undefined) return found;
  const path = 'mlflow/experiments/create';
  const request = { method: 'POST', path, body: { name }, isRepeatable: false } as const;
  const made = await client.ask(request, z.object({ experiment_id: z.string() })).catch(async (error: unknown) => {
    // Another export may have made it meanwhile.
    const now = await findExperiment(client, name);
    if (now === undefined) throw error;
    return { experiment_id: now };
  });
  return made?.experiment_id ?? '';
}

async function findExperiment(client: MlflowClient, name: string): Promise<string | undefined> {
  const path = 'mlflow/experiments/get-by-name';
  const query = { experiment_name: name };
  const found = await client.ask({ method: 'GET', path, query, isRepeatable: true }, experimentSchema);
  if (found === undefined || found.experiment.lifecycle_stage === 'active') return found?.experiment.experiment_id;
  throw new StudyError(`MLflow's experiment ${name} is deleted.`, {
    hint: `Restore it (\`mlflow experiments restore --experiment-id ${found.experiment.experiment_id}\`), or choose another --project.`,
  });
}

async function sendOne(client: MlflowClient, experimentId: string, tracked: TrackedExperiment): Promise<void> {
  const run = (await findRun(client, experimentId, tracked)) ?? (await createRun(client, experimentId, tracked));
  const { run_id } = run.info;
  const batches = batchesOf(tracked);
  const version = createHash('sha256').update(JSON.stringify(batches)).digest('hex').slice(0, 12);
  const done = batchesDone(run, version);
  for (const [index, batch] of batches.entries()) {
    if (index < done) continue;
    const tags = [...batch.tags, { key: progressTag, value: `${version}:${index + 1}` }];
    await post(client, 'mlflow/runs/log-batch', { run_id, ...batch, tags });
  }
  await putPatch(client, run, tracked);
  const status = tracked.status === 'failed' ? 'FAILED' : tracked.status === 'dropped' ? 'KILLED' : 'FINISHED';
  await post(client, 'mlflow/runs/update', { run_id, status, end_time: Date.parse(tracked.endedAt) });
}

async function findRun(client: MlflowClient, id: string, { key }: TrackedExperiment): Promise<Run | undefined> {
  const body = { experiment_ids: [id], filter: `tags."${keyTag}" = '${key.replaceAll("'", '')}'`, max_results: 1 };
  const request = { method: 'POST', path: 'mlflow/runs/search', body, isRepeatable: true } as const;
  return (await client.ask(request, z.object({ runs: z.array(runSchema).default([]) })))?.runs[0];
}

async function createRun(client: MlflowClient, experimentId: string, tracked: TrackedExperiment): Promise<Run> {
  const body = {
    experiment_id: experimentId,
    run_name: `${tracked.experiment} ${tracked.title}`.slice(0, 250),
    start_time: Date.parse(tracked.startedAt),
    tags: [{ key: keyTag, value: tracked.key.replaceAll("'", '') }, ...tagsOf(tracked)],
  };
  // Not again by itself: a server that was slow to answer would have two. The next export finds it by its key.
  const request = { method: 'POST', path: 'mlflow/runs/create', body, isRepeatable: false } as const;
  const made = await client.ask(request, z.object({ run: runSchema }));
  if (made === undefined) throw new StudyError(`MLflow's experiment ${experimentId} went away meanwhile.`);
  return made.run;
}

/** How many batches of what is to be sent the run has. */
function batchesDone({ data }: Run, version: string): number {
  const progress = data.tags?.find(({ key }) => key === progressTag)?.value;
  const [sent, count = ''] = progress?.split(':') ?? [];
  return sent === version ? Number.parseInt(count, 10) : 0;
}

/** A server that does not take artifacts for its store, such as one on S3, gets none. */
async function putPatch(client: MlflowClient, { info }: Run, { patch }: TrackedExperiment): Promise<void> {
  const store = /^mlflow-artifacts:\/(?:\/[^/]*\/)?(.+)$/.exec(info.artifact_uri ?? '')?.[1];
  if (store === undefined || patch === undefined) return;
  const path = `mlflow-artifacts/artifacts/${store.split('/').map(encodeURIComponent).join('/')}/patch.diff`;
  await client.ask({ method: 'PUT', path, body: patch, isRepeatable: true }, nothing);
}

async function post(client: MlflowClient, path: string, body: unknown): Promise<void> {
  await client.ask({ method: 'POST', path, body, isRepeatable: true }, nothing);
}
