/** The bugs that `npm run bench -- kill-bugs` plants are written for the source as it is. */
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { orderingBugs } from '../../bench/kills/ordering-bugs.ts';
import { packagePath } from '../../src/adapters/package-root.ts';

test.each(orderingBugs.map(({ name, changes }) => [name, changes] as const))('can be planted: %s', (_, changes) => {
  const found = changes.map(({ file, from }) => readFileSync(packagePath(file), 'utf8').split(from).length - 1);
  expect(found).toEqual(changes.map(() => 1));
});
