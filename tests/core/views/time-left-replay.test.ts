/** The estimate of the end against when whole studies ended; docs/night.md has the table of more of them. */
import { expect, test } from 'vitest';
import { endedStudy, kinds } from '../../helpers/ended-studies.ts';
import { replay } from '../../helpers/replay-time-left.ts';

const seeds = [1, 2, 3, 4, 5];

test.each(Object.keys(kinds))('of %s the end is told without a lean to either side', async (kind) => {
  const told = [];
  for (const seed of seeds) told.push(...replay(await endedStudy(kind, seed)));
  const known = told.flatMap(({ part, said, left }) => (said === null || part < 0.2 ? [] : [said / left]));
  const middle = known.sort((a, b) => a - b)[Math.floor(known.length / 2)] ?? 0;
  expect(known.length).toBeGreaterThanOrEqual(seeds.length);
  expect(middle).toBeGreaterThan(0.85);
  expect(middle).toBeLessThan(1.15);
});
