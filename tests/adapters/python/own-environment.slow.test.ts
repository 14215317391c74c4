/** An environment made by pip alone: slow, because pip installs itself twice. */
import { execFileSync } from 'node:child_process';
import { expect, it } from 'vitest';
import { installRequirements, ownPython } from '../../../src/adapters/python/own-environment.ts';
import { offline, probed, pythonWithout, requirementsFile, sitesOf } from '../../helpers/bare-python.ts';
import { temporaryFolder } from '../../helpers/temporary-repo.ts';

it('a Python with pip but without ensurepip makes one by its pip', async () => {
  offline();
  const requirements = requirementsFile();
  const cache = { XDG_CACHE_HOME: temporaryFolder() };
  const python = pythonWithout('ensurepip');
  // Its own pip, as Colab has one.
  execFileSync('python3', ['-m', 'pip', 'install', '-q', '--target', sitesOf(python)[0] ?? '', 'pip']);
  const base = await probed(python, requirements);
  expect(base.maker).toBe('pip');
  const own = await installRequirements(base, requirements, cache, () => {});
  expect(own).toMatchObject({ executable: ownPython(cache), unmet: [] });
});
