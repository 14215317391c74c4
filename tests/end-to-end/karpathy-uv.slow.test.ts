/** An environment that uv makes, with the uv of PyPI: it is downloaded. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, readdirSync, symlinkSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { expect, type TestContext, test } from 'vitest';
import { expectToldOfSeed, karpathyRun, tinyoptim } from '../helpers/karpathy.ts';
import { nocturne, project } from '../helpers/nocturne.ts';
import { temporaryFolder } from '../helpers/temporary-repo.ts';

test('a folder with a pyproject.toml and no .venv is given one by uv', { timeout: 180_000 }, async (context) => {
  const path = pathWithUv(context);
  const repo = project('karpathy');
  repo.write('tinyoptim.py', tinyoptim);
  repo.write('pyproject.toml', '[project]\nname = "autoresearch"\nversion = "0.1.0"\nrequires-python = ">=3.8"\n');
  // Fails unless the python that trains is the one of the environment that uv made.
  repo.write('train.py', `import sys\nassert sys.prefix.endswith("/.venv"), sys.prefix\n${repo.read('train.py')}`);
  repo.commit();

  const said = await nocturne(repo.root, karpathyRun, { PATH: path, XDG_CACHE_HOME: temporaryFolder() });

  expect(said.exitCode, said.stderr).toBe(0);
  expect(said.stderr).toContain('Preparing the data');
  expect(readdirSync(repo.root)).not.toContain('.venv');
  expectToldOfSeed(repo, said.stderr);
});

/** A PATH that has the uv of PyPI before everything else. */
function pathWithUv(context: TestContext): string {
  const home = temporaryFolder();
  const bin = join(home, 'bin');
  const pip = ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', 'uv'];
  try {
    execFileSync('python3', ['-m', 'venv', join(home, 'venv')], { stdio: 'pipe' });
    execFileSync(join(home, 'venv', 'bin', 'python'), pip, { stdio: 'pipe', timeout: 90_000 });
  } catch (error) {
    context.skip(`uv cannot be installed here: ${(error as Error).message.split('\n')[0]}`);
  }
  mkdirSync(bin);
  symlinkSync(join(home, 'venv', 'bin', 'uv'), join(bin, 'uv'));
  return `${bin}${delimiter}${process.env.PATH}`;
}
