import { configDefaults, defineConfig } from 'vitest/config';

const all = 'tests/**/*.test.ts';
/** What starves whatever runs beside it, or is judged by how much of a core it gets: these run last, one by one. */
const alone = [
  'tests/adapters/engines/hostile.test.ts',
  'tests/end-to-end/hostile-scripts.test.ts',
  'tests/end-to-end/contention.test.ts',
];
// What needs more than node, git and a python with numpy: `npm run test:engine`, `npm run test:browser`.
const elsewhere = [...configDefaults.exclude, 'tests/**/*.engine.test.ts', 'tests/**/*.browser.test.ts'];

export default defineConfig({
  test: {
    globalSetup: 'tests/helpers/build-program.ts',
    testTimeout: 120_000,
    hookTimeout: 120_000,
    projects: [
      {
        extends: true,
        test: {
          name: 'together',
          include: [all],
          exclude: [...elsewhere, ...alone],
          maxWorkers: 2,
          sequence: { groupOrder: 0 },
        },
      },
      { extends: true, test: { name: 'alone', include: alone, maxWorkers: 1, sequence: { groupOrder: 1 } } },
    ],
  },
});
