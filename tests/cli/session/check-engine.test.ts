/** What `doctor --engine` and the start of a study say of an engine that does not answer. */
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, test } from 'vitest';
import { locateBrief } from '../../../src/cli/compose/locate-brief.ts';
import { checkEngine } from '../../../src/cli/session/check-engine.ts';
import { withEngine } from '../../../src/cli/session/settings.ts';
import { interpreter } from '../../helpers/interpreter.ts';
import { nocturne, project } from '../../helpers/nocturne.ts';

async function listening(server: Server): Promise<string> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** An address at which nothing answers. */
async function nowhere(): Promise<string> {
  const server = createServer();
  const address = await listening(server);
  await new Promise((resolve) => server.close(resolve));
  return address;
}

/** A cluster that says its version, and is gone then. */
async function vanishing(): Promise<string> {
  const server = createServer((_, response) => {
    response.setHeader('connection', 'close');
    response.end('{"version":"1","ray_version":"2.60.0"}', () => server.close());
  });
  return listening(server);
}

async function check(address: string) {
  const repo = project('quick');
  const located = await locateBrief(repo.root);
  const told: string[] = [];
  const checking = checkEngine({
    located: { ...located, brief: withEngine(located.brief, 'ray', { address }) },
    ...{ interpreter, isAgreed: false, signal: new AbortController().signal, unheardSeconds: 0 },
    tell: (message) => told.push(message),
  });
  return { checking, told, repo };
}

test('a check of a cluster at which nobody answers ends at once, and leaves nothing', async () => {
  const address = await nowhere();
  const { checking, repo } = await check(address);
  await expect(checking).rejects.toThrow(`No Ray cluster answers at ${address} (ECONNREFUSED).`);
  expect(repo.git('status', '--porcelain', '--ignored')).toBe('');
});

test('one of a cluster that goes away ends as well, with what was asked', async () => {
  const { checking, told } = await check(await vanishing());
  await expect(checking).rejects.toThrow('The check did not run: nobody has answered for 0 seconds.');
  expect(told[0]).toContain('does not answer (ECONNREFUSED)');
});

test('a study that is to start where nobody answers does not start', async () => {
  const { root } = project('quick');
  const address = await nowhere();
  const said = await nocturne(root, ['run', '--engine', 'ray', '--address', address, '--tag', 'night']);
  expect([said.exitCode, said.stderr]).toEqual([2, expect.stringContaining(`No Ray cluster answers at ${address}`)]);
  expect((await nocturne(root, ['status', '--tag', 'night'])).stderr).toContain('There is no study');
});
