/** A local server in the place of MLflow's, for as much of its REST API as a study is sent by; what it keeps is there to be looked at. */
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { onTestFinished } from 'vitest';

interface Named {
  readonly key: string;
  readonly value: string;
}

export interface KeptRun {
  readonly id: string;
  readonly name: string;
  readonly tags: Map<string, string>;
  readonly params: Map<string, string>;
  /** Each point once, as `key step value`. */
  readonly points: Set<string>;
  status: string;
}

export interface MlflowStandIn {
  readonly url: string;
  readonly runs: readonly KeptRun[];
  /** All that it was sent, as text. */
  readonly heard: () => string;
  /** Refuses everything with 503 from now on, or takes it again. */
  readonly refuse: (isRefused: boolean) => void;
}

/** Starts it; `before` is waited for in front of each answer. It ends with the test. */
export async function startMlflowStandIn(
  before: (path: string) => Promise<void> = async () => {},
): Promise<MlflowStandIn> {
  const runs: KeptRun[] = [];
  const experiments: string[] = [];
  const heard: string[] = [];
  let isRefused = false;
  // biome-ignore lint/suspicious/noExplicitAny: requests of many shapes.
  const answer = (path: string, query: URLSearchParams, body: any): object | undefined => {
    switch (path) {
      case 'experiments/get-by-name':
        return experimentOf(experiments.indexOf(query.get('experiment_name') ?? ''));
      case 'experiments/create':
        return { experiment_id: String(experiments.push(body.name) - 1) };
      case 'runs/search':
        return { runs: runs.filter(({ tags }) => body.filter.includes(`'${tags.get('nocturne.key')}'`)).map(runJson) };
      case 'runs/create': {
        const id = `run-${runs.length}`;
        const run = {
          id,
          name: body.run_name,
          tags: new Map(),
          params: new Map(),
          points: new Set<string>(),
          status: 'RUNNING',
        };
        keep(run.tags, body.tags);
        runs.push(run);
        return { run: runJson(run) };
      }
      case 'runs/log-batch': {
        const run = runs.find(({ id }) => id === body.run_id);
        if (!run) return undefined;
        keep(run.tags, body.tags);
        keep(run.params, body.params);
        for (const { key, step, value } of body.metrics) run.points.add(`${key} ${step} ${value}`);
        return {};
      }
      case 'runs/update': {
        const run = runs.find(({ id }) => id === body.run_id);
        if (run) run.status = body.status;
        return {};
      }
      default:
        return {};
    }
  };
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const text = Buffer.concat(chunks).toString();
    const { pathname, searchParams } = new URL(request.url ?? '', 'http://localhost');
    const path = pathname.replace('/api/2.0/mlflow/', '');
    await before(path);
    heard.push(`${request.url} ${text}`);
    response.setHeader('content-type', 'application/json');
    if (isRefused) return void response.writeHead(503).end('{}');
    const isJson = request.headers['content-type'] === 'application/json';
    const said = answer(path, searchParams, isJson ? JSON.parse(text) : undefined);
    if (said === undefined) response.writeHead(404).end('{"error_code": "RESOURCE_DOES_NOT_EXIST"}');
    else response.end(JSON.stringify(said));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    runs,
    heard: () => heard.join('\n'),
    refuse: (isSo) => {
      isRefused = isSo;
    },
  };
}

function experimentOf(index: number): object | undefined {
  return index < 0 ? undefined : { experiment: { experiment_id: String(index), lifecycle_stage: 'active' } };
}

function runJson({ id, tags }: KeptRun): object {
  const info = { run_id: id, artifact_uri: `mlflow-artifacts:/0/${id}/artifacts` };
  return { info, data: { tags: [...tags].map(([key, value]) => ({ key, value })) } };
}

function keep(map: Map<string, string>, named: readonly Named[] = []): void {
  for (const { key, value } of named) map.set(key, value);
}
