/** An environment made by pip alone: slow, because pip installs itself twice. */
import { execFileSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { installRequirements, ownPython } from '../../../src/adapters/python/own-environment.ts';
import { offline, probed, pythonWithout, requirementsFile, sitesOf } from '../../helpers/bare-python.ts';
import { temporaryFolder } from '../../helpers/temporary-repo.ts';

it('a Python with pip but without ensurepip makes one by its pip', async () => {
  const index = offline();
  const requirements = requirementsFile();
  const cache = { XDG_CACHE_HOME: temporaryFolder() };
  const python = pythonWithout('ensurepip');
  // Its own pip, as Colab has one; the Python of the tests may have none.
  const pip = readdirSync(index).find((name) => name.startsWith('pip-')) ?? '';
  execFileSync('python3', ['-m', 'zipfile', '-e', join(index, pip), sitesOf(python)[0] ?? '']);
  const base = await probed(python, requirements);
  expect(base.maker).toBe('pip');
  const own = await installRequirements(base, requirements, cache, () => {});
  expect(own).toMatchObject({ executable: ownPython(cache), unmet: [] });
});
