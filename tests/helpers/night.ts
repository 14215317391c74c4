/** A study of one experiment whose sessions a test ends from outside, and what must be true of it in the morning. */
import { expect } from 'vitest';
import { entriesOf, journalOf, nocturne } from './nocturne.ts';
import { nocturneCommand } from './program.ts';
import type { TemporaryRepo } from './temporary-repo.ts';
import { quoted } from './window.ts';

/** Trainings before the first experiment's. */
export const baselineRuns = 3;

/** Starts the study, or goes on with it. */
export const run = ['run', '--tag', 'night', '--max-experiments', '1'];

/** The same as a person types it, with more flags. */
export function commandLine(...more: readonly string[]): string {
  return quoted([...nocturneCommand, ...run, ...more]);
}

/** Each `study-stopped` of its journal. */
export function stopsOf(repo: TemporaryRepo) {
  return entriesOf(journalOf(repo.root, 'night'), 'study-stopped');
}

/** The next start goes on and ends by its rule; the candidate is judged by its complete run alone. */
export async function expectToEnd(repo: TemporaryRepo, outcomes: readonly string[]): Promise<void> {
  const said = await nocturne(repo.root, run);
  expect(said.exitCode, said.stderr).toBe(0);
  const journal = journalOf(repo.root, 'night');
  const runs = entriesOf(journal, 'run-ended').filter(({ experiment }) => experiment === 1);
  expect(runs.map(({ result }) => result.outcome)).toEqual(outcomes);
  const [verdict] = entriesOf(journal, 'verdict-given').filter(({ experiment }) => experiment === 1);
  expect(verdict?.verdict.statistics).toMatchObject({ runs: 1 });
  expect(stopsOf(repo).at(-1)).toMatchObject({ reason: 'experiments' });
}
