import { defineConfig } from 'vitest/config';

/** Tests that open what we write in a real browser: chromium on the PATH, or the one that NOCTURNE_CHROMIUM names. */
export default defineConfig({
  test: {
    globalSetup: 'tests/helpers/build-program.ts',
    include: ['tests/**/*.browser.test.ts'],
    testTimeout: 120_000,
    hookTimeout: 120_000,
    expect: { poll: { timeout: 20_000 } },
    maxWorkers: 1,
  },
});
