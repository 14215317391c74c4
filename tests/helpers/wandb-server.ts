/** A stand-in for the server of Weights & Biases, as far as `wandb sync` asks it: it takes runs, their histories and files. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { onTestFinished } from 'vitest';

export interface SyncedRun {
  readonly displayName: string;
  readonly config: Readonly<Record<string, { readonly value: unknown }>>;
  /** Rows of its history, at their places. */
  readonly history: Record<string, unknown>[];
  summary: Record<string, unknown>;
  readonly files: Map<string, string>;
}

/** Starts it; it ends with the test. `runs` has what was synced, by id. */
export async function startWandb(): Promise<{ readonly url: string; readonly runs: Map<string, SyncedRun> }> {
  const runs = new Map<string, SyncedRun>();
  const server = createServer(async (incoming, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of incoming) chunks.push(chunk as Buffer);
    const text = Buffer.concat(chunks).toString('utf8');
    const [, place = '', run = '', name = ''] = (incoming.url ?? '').split('/');
    const base = `http://${incoming.headers.host}`;
    if (place === 'upload') runs.get(run)?.files.set(decodeURIComponent(name), text);
    if (place === 'files') takeStream(runs.get((incoming.url ?? '').split('/')[4] ?? ''), JSON.parse(text));
    response.setHeader('content-type', 'application/json');
    response.end(JSON.stringify(place === 'graphql' ? answer(JSON.parse(text), runs, base) : {}));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, runs };
}

// biome-ignore lint/suspicious/noExplicitAny: requests of many shapes.
function answer({ query, variables }: { query: string; variables: any }, runs: Map<string, SyncedRun>, base: string) {
  if (/upsertBucket/.test(query)) {
    const { name, displayName, config = '{}', project } = variables;
    const known = runs.get(name);
    const merged = { ...known?.config, ...JSON.parse(config) };
    runs.set(name, {
      history: [],
      summary: {},
      files: new Map(),
      ...known,
      displayName: displayName ?? known?.displayName ?? '',
      config: merged,
    });
    const entity = { id: 'e', name: 'me' };
    const bucket = { id: name, name, displayName, config: JSON.stringify(merged), historyLineCount: 0 };
    return {
      data: { upsertBucket: { bucket: { ...bucket, project: { id: 'p', name: project, entity } }, inserted: !known } },
    };
  }
  if (/createRunFiles/.test(query)) {
    const files = variables.files.map((name: string) => ({
      name,
      uploadUrl: `${base}/upload/${variables.run}/${encodeURIComponent(name)}`,
    }));
    return { data: { createRunFiles: { runID: variables.run, uploadHeaders: [], files } } };
  }
  return { data: {} };
}

interface Stream {
  readonly files?: Readonly<Record<string, { readonly offset: number; readonly content: readonly string[] }>>;
}

function takeStream(run: SyncedRun | undefined, { files = {} }: Stream): void {
  if (!run) return;
  const { offset = 0, content = [] } = files['wandb-history.jsonl'] ?? {};
  for (const [index, line] of content.entries()) run.history[offset + index] = JSON.parse(line);
  const summary = files['wandb-summary.json']?.content.at(-1);
  if (summary !== undefined) run.summary = JSON.parse(summary);
}
