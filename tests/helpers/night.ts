/** A study of one experiment whose sessions a test ends from outside, and what must be true of it in the morning. */
import { expect } from 'vitest';
import { createGate, type Gate } from './gate.ts';
import { entriesOf, journalOf, nocturne, project } from './nocturne.ts';
import { nocturneCommand } from './program.ts';
import type { TemporaryRepo } from './temporary-repo.ts';
import { controllerOf, quoted, untilReleased } from './window.ts';

/** Trainings before the first experiment's. */
export const baselineRuns = 3;

/** Starts the study, or goes on with it. */
// Its trainings knock at a gate of the test's, to which no cage lets them write.
export const run = ['run', '--tag', 'night', '--max-experiments', '1', '--no-isolation'];

/** The same as a person types it, with more flags. */
export function commandLine(...more: readonly string[]): string {
  return quoted([...nocturneCommand, ...run, ...more]);
}

/** Each `study-stopped` of its journal. */
export function stopsOf(repo: TemporaryRepo) {
  return entriesOf(journalOf(repo.root, 'night'), 'study-stopped');
}

/**
 * Three sessions of one and the same run, each begun here and ended from outside: each is stopped once, and the candidate
 * is judged by its complete run. `begin` starts a session and gives what ends it.
 */
export async function endThreeSessions(
  begin: (repo: TemporaryRepo, gate: Gate) => Promise<(controller: number | undefined) => unknown>,
): Promise<void> {
  const repo = project('quick');
  const gate = createGate(baselineRuns);
  for (let session = 1; session <= 3; session += 1) {
    const end = await begin(repo, gate);
    await gate.untilBegun(baselineRuns + session);
    const controller = controllerOf(repo.root, 'night');
    await end(controller);
    await untilReleased(repo.root, 'night', controller);
    expect(stopsOf(repo)).toHaveLength(session);
  }
  gate.open();
  await expectToEnd(repo, ['cancelled', 'cancelled', 'cancelled', 'finished']);
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
