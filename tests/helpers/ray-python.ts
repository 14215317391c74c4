/** A python that has Ray and what the sandbox needs, for tests that start a cluster. */
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { temporaryFolder } from './temporary-repo.ts';

/** The one that NOCTURNE_TEST_PYTHON names, where it has Ray; else one that is made with what pip downloads, and is gone after the test. */
export function rayPython(): string {
  const given = process.env.NOCTURNE_TEST_PYTHON;
  if (given && imports(given)) return given;
  const folder = join(temporaryFolder(), 'ray');
  execFileSync('python3', ['-m', 'venv', folder]);
  const python = join(folder, 'bin', 'python');
  execFileSync(python, [
    '-m',
    'pip',
    'install',
    '--quiet',
    '--disable-pip-version-check',
    'ray[default]==2.60.0',
    'numpy',
  ]);
  return python;
}

function imports(python: string): boolean {
  try {
    execFileSync(python, ['-c', 'import ray, aiohttp, numpy'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}
