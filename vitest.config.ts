import { configDefaults, defineConfig } from 'vitest/config';

const all = 'tests/**/*.test.ts';
/** A fork bomb starves whatever runs beside it, and is judged by the clock itself: these run last, one by one. */
const hostile = ['tests/adapters/engines/hostile.test.ts', 'tests/end-to-end/hostile-scripts.test.ts'];
// What needs more than node, git and a python with numpy: `npm run test:engine`, `npm run test:browser`.
const elsewhere = [...configDefaults.exclude, 'tests/**/*.engine.test.ts', 'tests/**/*.browser.test.ts'];

export default defineConfig({
  test: {
    testTimeout: 120_000,
    hookTimeout: 120_000,
    projects: [
      {
        extends: true,
        test: {
          name: 'together',
          include: [all],
          exclude: [...elsewhere, ...hostile],
          maxWorkers: 2,
          sequence: { groupOrder: 0 },
        },
      },
      { extends: true, test: { name: 'alone', include: hostile, maxWorkers: 1, sequence: { groupOrder: 1 } } },
    ],
  },
});
