import { join, resolve } from 'node:path';
import { type Git, openGit } from './git.ts';

/** What git answers to such a question about a place of its own, absolute: `--git-path index`. */
export async function gitPath(git: Git, ...question: readonly string[]): Promise<string> {
  return resolve(git.folder, (await git.run(['rev-parse', ...question])).replace(/\r?\n$/, ''));
}

/** Where git keeps what belongs to a checkout, absolute; for a further work tree that is elsewhere too. */
export async function gitFolders(checkout: string): Promise<string[]> {
  const git = openGit(checkout);
  const asked = ['--git-common-dir', '--git-dir'].map((question) => gitPath(git, question));
  return [join(checkout, '.git'), ...(await Promise.all(asked).catch(() => []))];
}
