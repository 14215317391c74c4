import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { findIsolation } from '../../../src/adapters/isolation/find-isolation.ts';
import { withoutOwnUser } from '../../../src/adapters/isolation/lower-rung.ts';
import type { Rung } from '../../../src/ports/isolation.ts';
import { interpreter } from '../../helpers/interpreter.ts';

async function studyFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'nocturne-isolation-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

it('the tier that is found stops what it promises, says why it is no higher one, and leaves nothing', async () => {
  const folder = await studyFolder();
  const found = await findIsolation({ interpreter, folder });
  expect(found.tier).not.toBe('none');
  expect(found.rung?.tier).toBe(found.tier);
  expect(found.tier === 'namespaces').toBe(found.whyNotHigher === '');
  expect(await readdir(folder)).toEqual([]);
});

it('a stage that keeps the controller’s user is on the same rung without the other user', () => {
  const rung: Rung = { tier: 'landlock-user', uid: 65200, keeps: 'CAP_DAC_READ_SEARCH', system: ['/usr'] };
  expect(withoutOwnUser(rung)).toEqual({ tier: 'landlock', system: ['/usr'] });
  expect(withoutOwnUser({ tier: 'user', uid: 65200, system: [] })).toEqual({ tier: 'seccomp', system: [] });
  expect(withoutOwnUser({ tier: 'namespaces', uid: 65200, mounts: true, system: [] })).toEqual({
    tier: 'namespaces',
    mounts: true,
    system: [],
  });
});
