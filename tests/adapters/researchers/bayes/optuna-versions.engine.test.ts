/**
 * The versions of Optuna that people have: the oldest that can be asked, the last of the fourth, and one that is too old.
 * Each is installed alone, into a folder of the test, before the packages of the engine's Python.
 */
import { execFileSync } from 'node:child_process';
import { chmodSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { findOptuna } from '../../../../src/adapters/python/find-optuna.ts';
import { createOptunaProcess } from '../../../../src/adapters/researchers/bayes/optuna-process.ts';
import type { SearchQuestion } from '../../../../src/core/space/search/search-question.ts';
import { enginePython } from '../../../helpers/engine-python.ts';
import { temporaryFolder } from '../../../helpers/temporary-repo.ts';

const nowhere = { XDG_CACHE_HOME: '/dev/null/cache' };

/** A Python that imports this version of Optuna. */
function pythonWith(version: string): string {
  const folder = temporaryFolder();
  const packages = join(folder, 'packages');
  const install = ['-m', 'pip', 'install', '--quiet', '--no-deps', '--target', packages, `optuna==${version}`];
  execFileSync(enginePython(), install, { stdio: 'ignore' });
  const python = join(folder, 'python');
  writeFileSync(python, `#!/bin/sh\nPYTHONPATH='${packages}' exec ${enginePython()} "$@"\n`);
  chmodSync(python, 0o755);
  return python;
}

/** Sixty trials of which the six widest alone ran to their end, with the same score; the others ended as `end` says. */
function question(sampler: 'gp' | 'tpe', end: readonly number[]): SearchQuestion {
  const trials = Array.from({ length: 60 }, (_, width) => ({ width, depth: (width * 7) % 16 }));
  return {
    sampler,
    seed: 7,
    space: [
      { name: 'width', kind: 'float', low: 0, high: 64, log: false },
      { name: 'depth', kind: 'float', low: 0, high: 16, log: false },
    ],
    current: { width: 59, depth: 13 },
    trials: trials.map((values) => ({ values, scores: values.width >= 54 ? [1] : end })),
    running: [],
    mayRepeat: false,
  };
}

const versions = ['4.6.0', '4.9.0'];

it.each(versions)('Optuna %s is asked, and goes where trials do not fail', async (version) => {
  const python = pythonWith(version);
  const { optuna, outdated } = await findOptuna(python, nowhere);
  expect({ optuna, outdated }).toMatchObject({ optuna: { python, version, hasGp: true }, outdated: undefined });
  const process = createOptunaProcess({ python, sites: [], version, hasGp: true });
  const widthOf = async (sampler: 'gp' | 'tpe', end: readonly number[]) => {
    const answer = await process.ask(question(sampler, end), new AbortController().signal);
    if (answer.kind !== 'answer') return answer.reason;
    expect(answer.expects === undefined, sampler).toBe(sampler === 'tpe');
    return answer.values.width;
  };
  for (const sampler of ['gp', 'tpe'] as const) {
    expect(await widthOf(sampler, []), sampler).toBeGreaterThan(50);
    // With the same score in the place of a failure, nothing draws it there.
    expect(await widthOf(sampler, [1]), sampler).toBeLessThan(50);
  }
});

it.each(versions)('Optuna %s is asked with runs in flight', async (version) => {
  const process = createOptunaProcess({ python: pythonWith(version), sites: [], version, hasGp: true });
  const inFlight = [
    { width: 57.5, depth: 3 },
    { width: 61, depth: 9 },
  ];
  for (const count of [1, 2]) {
    const running = inFlight.slice(0, count);
    const answer = await process.ask({ ...question('gp', []), running }, new AbortController().signal);
    expect(answer).toMatchObject({ kind: 'answer', sampler: 'a Gaussian process' });
  }
});

it('Optuna 4.5 is not asked, and its version is said', async () => {
  const python = pythonWith('4.5.0');
  expect(await findOptuna(python, nowhere)).toEqual({ outdated: { python, version: '4.5.0', oldest: '4.6' } });
});
