/** A finished study that is made once for the tests of a file. */
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect } from 'vitest';
import { nocturne, projectFixture } from './nocturne.ts';
import { openRepo, type TemporaryRepo, temporaryFolder } from './temporary-repo.ts';

/** Runs a study of the `quick` project with these arguments before the tests; gives a copy of its repository to each that asks. */
export function templateStudy(...args: readonly string[]): () => TemporaryRepo {
  const template = mkdtempSync(join(tmpdir(), 'nocturne template '));
  beforeAll(async () => {
    cpSync(projectFixture('quick'), template, { recursive: true });
    const repo = openRepo(template);
    repo.git('init', '--quiet', '--initial-branch=main');
    repo.commit('start');
    const said = await nocturne(template, ['run', ...args]);
    expect(said.exitCode, said.stderr).toBe(0);
  });
  afterAll(() => rmSync(template, { recursive: true, force: true }));
  return () => {
    const root = temporaryFolder();
    cpSync(template, root, { recursive: true });
    return openRepo(root);
  };
}
