/** A real MLflow tracking server of a Python, and a way to it that ends a client at a chosen request. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { execa } from 'execa';
import { onTestFinished } from 'vitest';
import { temporaryFolder } from './temporary-repo.ts';

export interface MlflowServer {
  readonly url: string;
  /** An answer to a POST below `/api/2.0/mlflow/`. */
  // biome-ignore lint/suspicious/noExplicitAny: answers of many shapes.
  readonly post: (path: string, body: unknown) => Promise<any>;
  // biome-ignore lint/suspicious/noExplicitAny: the same.
  readonly get: (path: string, query: Readonly<Record<string, string>>) => Promise<any>;
}

/** Starts a server with a store of its own; it ends with the test. */
export async function startMlflow(python: string): Promise<MlflowServer> {
  const folder = temporaryFolder().replaceAll(' ', '_');
  const port = await freePort();
  const store = ['--backend-store-uri', `sqlite:///${folder}.db`, '--artifacts-destination', `${folder}-artifacts`];
  const args = ['-m', 'mlflow', 'server', ...store, '--host', '127.0.0.1', '--port', String(port), '--workers', '1'];
  const server = execa(python, args, {
    reject: false,
    stdin: 'ignore',
    stdout: 'ignore',
    stderr: 'ignore',
    detached: true,
  });
  onTestFinished(async () => {
    if (server.pid) process.kill(-server.pid, 'SIGKILL');
    await server;
    await execa('rm', ['-rf', `${folder}.db`, `${folder}-artifacts`]);
  });
  const url = `http://127.0.0.1:${port}`;
  while (!(await fetch(`${url}/health`).catch(() => undefined))?.ok) {
    if (server.exitCode !== undefined && server.exitCode !== null) throw new Error('mlflow server ended');
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  const api = `${url}/api/2.0/mlflow`;
  return {
    url,
    post: async (path, body) => (await fetch(`${api}/${path}`, jsonPost(body))).json(),
    get: async (path, query) => (await fetch(`${api}/${path}?${new URLSearchParams(query)}`)).json(),
  };
}

function jsonPost(body: unknown) {
  return { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) };
}

/** Passes requests on, and calls `onRequest` with the number of each before and after it has reached the server. */
export async function startWay(
  target: string,
  onRequest: (number: number, when: 'before' | 'after') => Promise<void>,
): Promise<string> {
  let count = 0;
  const way = createServer(async (incoming, response) => {
    const number = ++count;
    const chunks: Buffer[] = [];
    for await (const chunk of incoming) chunks.push(chunk as Buffer);
    await onRequest(number, 'before');
    const { host: _, connection: __, 'content-length': ___, ...headers } = incoming.headers;
    const body = chunks.length === 0 ? {} : { body: Buffer.concat(chunks) };
    const answer = await fetch(`${target}${incoming.url}`, {
      method: incoming.method ?? 'GET',
      headers: headers as Record<string, string>,
      ...body,
    });
    await onRequest(number, 'after');
    response.writeHead(answer.status, { 'content-type': 'application/json' });
    response.end(Buffer.from(await answer.arrayBuffer()));
  });
  await new Promise<void>((resolve) => way.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    way.closeAllConnections();
    way.close();
  });
  return `http://127.0.0.1:${(way.address() as AddressInfo).port}`;
}

async function freePort(): Promise<number> {
  const probe = createServer();
  await new Promise<void>((resolve) => probe.listen(0, '127.0.0.1', resolve));
  const { port } = probe.address() as AddressInfo;
  await new Promise((resolve) => probe.close(resolve));
  return port;
}
