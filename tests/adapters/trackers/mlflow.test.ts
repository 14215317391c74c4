import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { z } from 'zod';
import { mlflowClient } from '../../../src/adapters/trackers/mlflow-client.ts';

/** Answers with these statuses one after the other, then with 200; gives its address and how often it was asked. */
async function startServer(...statuses: readonly number[]) {
  let asked = 0;
  const server = createServer((_, response) => {
    response.writeHead(statuses[asked++] ?? 200, { 'content-type': 'application/json' });
    response.end('{"message": "as told"}');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, asked: () => asked };
}

const creation = { method: 'POST', path: 'mlflow/runs/create', body: {}, isRepeatable: false } as const;
const anything = z.looseObject({});

test('what may reach the server once alone is asked again where the server says that it asks too often', async () => {
  const server = await startServer(429);
  await mlflowClient(server.url, {}).ask(creation, anything);
  expect(server.asked()).toBe(2);
});

test('what may reach the server once alone is not asked again where the server may have done it', async () => {
  const server = await startServer(500);
  await expect(mlflowClient(server.url, {}).ask(creation, anything)).rejects.toThrow('status 500: as told');
  expect(server.asked()).toBe(1);
});
