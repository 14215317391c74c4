/**
 * Runs the tests of the core on a copy of a checkout in which one line is changed. The checkout itself is never written
 * to.
 */
import { cpSync, mkdtempSync, readFileSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { execa } from 'execa';
import { z } from 'zod';
import type { Mutant } from './find-mutants.ts';

/** What became of a mutant: killed by a failing test file or by tests that do not end in time, or survived. */
export type Fate = { readonly kind: 'killed'; readonly by: string } | { readonly kind: 'survived' };

export interface Copy {
  readonly try: (mutant: Mutant) => Promise<Fate>;
  readonly close: () => void;
}

/**
 * Runs those tests of core and loop that `npm test` runs. No build is needed, since none of them starts the program.
 */
const config = `export default {
  cacheDir: 'cache',
  test: {
    include: ['tests/core/**/*.test.ts', 'tests/loop/**/*.test.ts'],
    exclude: ['**/*.slow.test.ts', '**/*.engine.test.ts', '**/*.browser.test.ts'],
    testTimeout: 120_000,
    hookTimeout: 120_000,
    maxWorkers: 1,
    // A thread in an endless loop ends with its process; a forked worker would outlive it.
    pool: 'threads',
  },
};
`;
const vitest = join('node_modules', 'vitest', 'vitest.mjs');
const allTests = ['tests/core', 'tests/loop'];
const notCopied = ['node_modules', '.git', 'dist', 'runs'];

/**
 * Copies the checkout and checks that its tests pass unchanged; a mutant's tests may take 60 s and three times as long.
 */
export async function copyCheckout(repo: string): Promise<Copy> {
  const root = realpathSync(mkdtempSync(join(tmpdir(), 'nocturne-mutants-')));
  cpSync(repo, root, { recursive: true, filter: (path) => !notCopied.includes(relative(repo, path)) });
  symlinkSync(realpathSync(join(repo, 'node_modules')), join(root, 'node_modules'));
  writeFileSync(join(root, 'mutants.config.mjs'), config);
  const began = performance.now();
  const unchanged = await runTests(root, allTests, 3_600_000);
  if (unchanged !== undefined) throw new Error(`the tests of ${repo} fail without any change: ${unchanged}`);
  const limit = 60_000 + 3 * (performance.now() - began);
  return {
    try: async ({ path, source }) => {
      const before = readFileSync(join(root, path), 'utf8');
      writeFileSync(join(root, path), source);
      // The tests of the mutant's own folder come first: they usually notice it, within seconds.
      const [, , room = ''] = path.split('/');
      const by =
        (await findKiller(root, [join('tests', 'core', room, '/')], limit)) ??
        (await findKiller(root, allTests, limit));
      writeFileSync(join(root, path), before);
      return by === undefined ? { kind: 'survived' } : { kind: 'killed', by };
    },
    close: () => rmSync(root, { recursive: true, force: true }),
  };
}

/** The first test file that fails, and fails again by itself: on a busy machine a test may fail for another reason. */
async function findKiller(root: string, paths: readonly string[], limit: number): Promise<string | undefined> {
  for (let round = 0; round < maxRounds; round += 1) {
    const by = await runTests(root, paths, limit);
    if (by === undefined || by === noEnd || (await runTests(root, [by], limit)) !== undefined) return by;
  }
  throw new Error(`another test fails each time in ${root}: try again on a machine that is less busy`);
}

const maxRounds = 3;
const noEnd = 'tests that do not end';
const resultsSchema = z.object({ testResults: z.array(z.object({ name: z.string(), status: z.string() })) });

/** The first test file that fails; undefined when all pass. */
async function runTests(root: string, paths: readonly string[], limit: number): Promise<string | undefined> {
  rmSync(join(root, 'results.json'), { force: true });
  const flags = ['--config', 'mutants.config.mjs', '--bail', '1', '--passWithNoTests'];
  const output = ['--reporter', 'json', '--outputFile', 'results.json'];
  const run = await execa(process.execPath, [vitest, 'run', ...paths, ...flags, ...output], {
    cwd: root,
    reject: false,
    timeout: limit,
    killSignal: 'SIGKILL',
    stdin: 'ignore',
  });
  if (run.timedOut) return noEnd;
  if (run.exitCode === 0) return undefined;
  const { testResults } = resultsSchema.parse(JSON.parse(readFileSync(join(root, 'results.json'), 'utf8')));
  const failed = testResults.find(({ status }) => status === 'failed');
  if (!failed) throw new Error(`vitest ended with ${run.exitCode} and no failed test:\n${run.stderr}`);
  return relative(root, failed.name);
}
