/** What belongs to a study in a project of its own: expectations of the tests that rename, move and delete one. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import { entriesOf, journalOf, nocturne } from './nocturne.ts';
import type { TemporaryRepo } from './temporary-repo.ts';

/** The refs and the branch of a study with their commits, with its tag left out. */
export const refsOf = (repo: TemporaryRepo, tag: string) =>
  repo
    .git(
      'for-each-ref',
      '--format=%(refname) %(objectname)',
      `refs/autoresearch/${tag}`,
      `refs/heads/autoresearch/${tag}`,
    )
    .replaceAll(`autoresearch/${tag}`, 'autoresearch/TAG');

/** Goes on with one more experiment, and expects that its runs are measured. */
export async function expectToGoOn(repo: TemporaryRepo, tag: string, folder = repo.root) {
  const runs = entriesOf(journalOf(folder, tag), 'run-ended').length;
  const said = await nocturne(folder, ['run', '--tag', tag, '--max-experiments', '2']);
  expect(said.exitCode, said.stderr).toBe(0);
  const added = entriesOf(journalOf(folder, tag), 'run-ended').slice(runs);
  expect(added.length).toBeGreaterThan(0);
  expect(added.map(({ result }) => result.outcome)).toEqual(added.map(() => 'finished'));
  const checked = await nocturne(folder, ['check', '--tag', tag]);
  expect(checked.stdout).toContain('agree with the repository');
  return said;
}

/** Expects an error before anything is run or journalled. */
export async function expectRefused(
  repo: TemporaryRepo,
  args: readonly string[],
  journalTag: string,
  ...texts: string[]
) {
  const journal = readFileSync(join(repo.root, 'runs', journalTag, 'journal.jsonl'), 'utf8');
  const said = await nocturne(repo.root, args);
  expect(said.exitCode).toBe(2);
  for (const text of texts) expect(said.stderr).toContain(text);
  expect(readFileSync(join(repo.root, 'runs', journalTag, 'journal.jsonl'), 'utf8')).toBe(journal);
}
