import { join } from 'node:path';
import { openGit } from './git.ts';

/** Where git keeps what belongs to a checkout, absolute; for a further work tree that is elsewhere too. */
export async function gitFolders(checkout: string): Promise<string[]> {
  const ask = ['rev-parse', '--path-format=absolute', '--git-common-dir', '--git-dir'];
  const found = await openGit(checkout)
    .run(ask)
    .catch(() => '');
  return [join(checkout, '.git'), ...found.split('\n').filter((line) => line !== '')];
}
