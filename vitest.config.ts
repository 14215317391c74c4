import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['tests/**/*.test.ts'],
    // What needs more than node, git and a python with numpy: `npm run test:engine`, `npm run test:browser`.
    exclude: ['tests/**/*.engine.test.ts', 'tests/**/*.browser.test.ts'],
    testTimeout: 120_000,
    hookTimeout: 120_000,
    maxWorkers: 2,
  },
});
