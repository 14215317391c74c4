/**
 * Runs the tests of the core on a copy of a checkout in which one line is changed. The checkout itself is never written to.
 */
import { cpSync, mkdtempSync, readFileSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { execa } from 'execa';
import { z } from 'zod';
import type { Mutant } from './find-mutants.ts';

/** How a mutant ended: by a failing test file, by tests that no longer come to an end, or not at all. */
export type Fate = { readonly kind: 'killed'; readonly by: string } | { readonly kind: 'survived' };

export interface Copy {
  readonly try: (mutant: Mutant) => Promise<Fate>;
  readonly close: () => void;
}

/** The tests that `npm test` runs on core and loop, without the build: neither starts the program. */
const config = `export default {
  cacheDir: 'cache',
  test: {
    include: ['tests/core/**/*.test.ts', 'tests/loop/**/*.test.ts'],
    exclude: ['**/*.slow.test.ts', '**/*.engine.test.ts', '**/*.browser.test.ts'],
    testTimeout: 120_000,
    hookTimeout: 120_000,
    maxWorkers: 1,
  },
};
`;
const notCopied = ['node_modules', '.git', 'dist', 'runs'];

/** Copies the checkout and makes sure that its tests pass unchanged; how long they take bounds every later run. */
export async function copyCheckout(repo: string): Promise<Copy> {
  const root = realpathSync(mkdtempSync(join(tmpdir(), 'nocturne-mutants-')));
  cpSync(repo, root, { recursive: true, filter: (path) => !notCopied.includes(relative(repo, path)) });
  symlinkSync(realpathSync(join(repo, 'node_modules')), join(root, 'node_modules'));
  writeFileSync(join(root, 'mutants.config.mjs'), config);
  const began = performance.now();
  const unchanged = await runTests(root, ['tests/core', 'tests/loop'], 3_600_000);
  if (unchanged !== undefined) throw new Error(`the tests of ${repo} fail without any change: ${unchanged}`);
  const limit = 60_000 + 3 * (performance.now() - began);
  return {
    try: async ({ path, source }) => {
      const before = readFileSync(join(root, path), 'utf8');
      writeFileSync(join(root, path), source);
      // The tests of its own folder most often notice, and take seconds.
      const [, , room = ''] = path.split('/');
      const by =
        (await runTests(root, [join('tests', 'core', room, '/')], limit)) ??
        (await runTests(root, ['tests/core', 'tests/loop'], limit));
      writeFileSync(join(root, path), before);
      return by === undefined ? { kind: 'survived' } : { kind: 'killed', by };
    },
    close: () => rmSync(root, { recursive: true, force: true }),
  };
}

const resultsSchema = z.object({ testResults: z.array(z.object({ name: z.string(), status: z.string() })) });

/** The first test file that fails; undefined when all pass. */
async function runTests(root: string, paths: readonly string[], limit: number): Promise<string | undefined> {
  const flags = ['--config', 'mutants.config.mjs', '--bail', '1', '--passWithNoTests'];
  const output = ['--reporter', 'json', '--outputFile', 'results.json'];
  const run = await execa('npx', ['vitest', 'run', ...paths, ...flags, ...output], {
    cwd: root,
    reject: false,
    timeout: limit,
    stdin: 'ignore',
  });
  if (run.timedOut) return 'no end';
  if (run.exitCode === 0) return undefined;
  const { testResults } = resultsSchema.parse(JSON.parse(readFileSync(join(root, 'results.json'), 'utf8')));
  const failed = testResults.find(({ status }) => status === 'failed');
  return failed === undefined ? `exit code ${run.exitCode}` : relative(root, failed.name);
}
