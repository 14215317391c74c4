/** A folder of karpathy/autoresearch, and what its owner must be told. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import { entriesOf, journalOf } from './nocturne.ts';
import type { TemporaryRepo } from './temporary-repo.ts';

/** The study of these tests. */
export const karpathyRun = ['run', '--tag', 'k', '--max-experiments', '3'];

/** The package that its script needs. */
export const tinyoptim = 'def distance(a, b):\n    return abs(a - b)\n';

/** Its seed is fixed in the script, so the owner must know what three equal baselines are worth. */
export function expectToldOfSeed(repo: TemporaryRepo, stderr: string): void {
  // Under a wall clock a run that others disturbed is made again; it is not one of the six.
  const ended = entriesOf(journalOf(repo.root, 'k'), 'run-ended').filter(
    ({ result }) => !result.contention?.isRepeated,
  );
  const values = ended.map(({ result }) => result.measurement?.value);
  expect(values).toHaveLength(6);
  expect(new Set(values.slice(0, 3)).size).toBe(1);
  expect(stderr.match(/warning: Seed not honoured/g)).toHaveLength(1);
  expect(readFileSync(join(repo.root, 'runs', 'k', 'report.md'), 'utf8')).toContain('Seed not honoured');
}
