import { defineConfig } from 'vitest/config';
import { interpreterFirst } from './tests/helpers/interpreter.ts';

/** Tests that take a minute, download, or are judged by how much of a core they get: one after the other. */
export default defineConfig({
  test: {
    globalSetup: 'tests/helpers/build-program.ts',
    env: { PATH: interpreterFirst },
    include: ['tests/**/*.slow.test.ts'],
    testTimeout: 600_000,
    hookTimeout: 120_000,
    expect: { poll: { timeout: 20_000 } },
    maxWorkers: 1,
  },
});
