/** What `doctor --engine` says of an engine that does not answer. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, test } from 'vitest';
import { locateBrief } from '../../../src/cli/compose/locate-brief.ts';
import { checkEngine } from '../../../src/cli/session/check-engine.ts';
import { withEngine } from '../../../src/cli/session/settings.ts';
import { interpreter } from '../../helpers/interpreter.ts';
import { project } from '../../helpers/nocturne.ts';

/** An address at which nothing answers. */
async function nowhere(): Promise<string> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return `http://127.0.0.1:${port}`;
}

test('a cluster at which nobody answers ends the check, with what was asked, and leaves nothing', async () => {
  const repo = project('quick');
  const located = await locateBrief(repo.root);
  const address = await nowhere();
  const told: string[] = [];
  const checking = checkEngine({
    located: { ...located, brief: withEngine(located.brief, 'ray', { address }) },
    ...{ interpreter, isAgreed: false, signal: new AbortController().signal, unheardSeconds: 0 },
    tell: (message) => told.push(message),
  });
  await expect(checking).rejects.toThrow('The check did not run: nobody has answered for 0 seconds.');
  expect(told[0]).toContain(`${address} does not answer (ECONNREFUSED)`);
  expect(repo.git('status', '--porcelain', '--ignored')).toBe('');
});
