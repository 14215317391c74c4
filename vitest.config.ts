import { configDefaults, defineConfig } from 'vitest/config';
import { interpreterFirst } from './tests/helpers/interpreter.ts';

// What takes minutes, or needs more than node, git and a python with numpy, has a command of its own: `npm run test:slow`,
// `npm run test:engine`, `npm run test:browser`.
const elsewhere = ['slow', 'engine', 'browser'].map((kind) => `tests/**/*.${kind}.test.ts`);

export default defineConfig({
  test: {
    globalSetup: 'tests/helpers/build-program.ts',
    env: { PATH: interpreterFirst },
    include: ['tests/**/*.test.ts'],
    exclude: [...configDefaults.exclude, ...elsewhere],
    testTimeout: 120_000,
    hookTimeout: 120_000,
    expect: { poll: { timeout: 20_000 } },
    // Three also on two cores: a worker whose test has started a program waits for it half of the time.
    maxWorkers: 3,
    // Tests keep nothing between files: each worker loads what they share once.
    isolate: false,
    unstubEnvs: true,
  },
});
