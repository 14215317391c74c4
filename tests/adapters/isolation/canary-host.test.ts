import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync } from 'node:fs';
import { expect, test } from 'vitest';
import { startCanaryHost } from '../../../src/adapters/isolation/canary-host.ts';
import { packagePath } from '../../../src/adapters/package-root.ts';
import { interpreter } from '../../helpers/interpreter.ts';
import { temporaryFolder } from '../../helpers/temporary-repo.ts';

test('the host of a controller that was killed before it was heard leaves nothing, and the next one starts', async () => {
  const folder = temporaryFolder();
  const host = spawn(interpreter, [packagePath('src', 'python', 'canary_host.py'), folder, temporaryFolder()]);
  host.stdout.destroy();
  host.stdin.destroy();
  await once(host, 'exit');
  expect(readdirSync(folder)).toEqual([]);
  const next = await startCanaryHost(interpreter, folder);
  await next.end();
  expect(readdirSync(folder)).toEqual([]);
});
