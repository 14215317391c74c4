import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { createOwnPrograms } from '../../../src/adapters/run-folders/own-programs.ts';
import { temporaryFolder } from '../../helpers/temporary-repo.ts';

/** A package with programs, as a session found it. */
async function known() {
  const root = temporaryFolder();
  const folder = join(root, 'python');
  mkdirSync(join(folder, 'startup'), { recursive: true });
  writeFileSync(join(root, 'package.json'), '{"version":"1.0.0"}');
  writeFileSync(join(folder, 'supervisor.py'), 'run()\n');
  writeFileSync(join(folder, 'startup', 'sitecustomize.py'), 'hand_over()\n');
  const own = createOwnPrograms(folder, join(root, 'package.json'));
  const sealed = await own.sealed();
  return { own, sealed, folder, root };
}

it('are sealed by their content, and nothing may be added where every process loads by name', async () => {
  const { sealed, folder } = await known();
  expect(sealed.map(({ place, files, isWhole }) => [place, Object.keys(files), isWhole])).toEqual([
    [folder, expect.arrayContaining(['supervisor.py', 'startup/sitecustomize.py']), false],
    [join(folder, 'startup'), ['sitecustomize.py'], true],
  ]);
});

it.each(['supervisor.py', 'startup/sitecustomize.py', 'startup/numpy.py'])(
  'no run starts once %s is another one, and the sentence names it',
  async (path) => {
    const { own, folder } = await known();
    await own.check();
    writeFileSync(join(folder, path), 'other()\n');
    await expect(own.check()).rejects.toThrow(`Nocturne's own ${join(folder, path)} changed while the study ran.`);
  },
);

it('have names of their own, and an update is told from a change', async () => {
  const { own, folder, root } = await known();
  expect(own.nameOf(join(folder, 'startup', 'x.py'))).toBe('nocturne/startup/x.py');
  expect(own.nameOf(join(root, 'x.py'))).toBeUndefined();
  expect(await own.isReplaced()).toBe(false);
  writeFileSync(join(root, 'package.json'), '{"version":"1.0.1"}');
  expect(await own.isReplaced()).toBe(true);
});
