import { defineConfig } from 'vitest/config';

/** Tests that need optuna, scikit-learn or torch, in the interpreter that NOCTURNE_TEST_PYTHON names. */
export default defineConfig({
  test: {
    globalSetup: 'tests/helpers/build-program.ts',
    include: ['tests/**/*.engine.test.ts'],
    // A command is a whole study here, maybe beside lanes that have more of the machine.
    env: { NOCTURNE_TEST_LIMIT: '280000' },
    testTimeout: 300_000,
    hookTimeout: 300_000,
    expect: { poll: { timeout: 20_000 } },
    // One after the other: a training that another test disturbs is repeated.
    maxWorkers: 1,
  },
});
