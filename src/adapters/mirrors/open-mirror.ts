/**
 * Opens the mirror that `--mirror` or `--restore` names: a git remote (a name, an address, a repository's path) or a
 * folder.
 */
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { SettingsError } from '../../core/base/errors.ts';
import type { Mirror } from '../../ports/mirror.ts';
import { exists } from '../files/exists.ts';
import { openGit } from '../git/git.ts';
import { createFolderMirror } from './folder-mirror.ts';
import { createGitMirror } from './git-mirror.ts';

export interface OpenMirrorOptions {
  /** The repository. */
  readonly root: string;
  readonly runsInRepository: string;
  /** The folder from which a relative path starts. */
  readonly folder: string;
  /** Folder for what a mirror packs or copies on the way; its content is removed. */
  readonly workFolder: string;
}

/** The mirror that `target` names. Throws a SettingsError when it names none; does not try to reach it. */
export async function openMirror(target: string, options: OpenMirrorOptions): Promise<Mirror> {
  const { root, runsInRepository, workFolder } = options;
  const atGit = (url: string) => createGitMirror({ url, root, runsInRepository, workFolder });
  if (target === '' || target.startsWith('-')) throw unknown(target);
  if (/^[a-z][a-z0-9+.-]*:\/\//i.test(target)) return atGit(target);
  const remote = await remoteUrl(root, target);
  if (remote !== undefined) return atGit(remote);
  const path = resolve(options.folder, target.replace(/^~(?=\/|$)/, homedir()));
  if (await isRepository(path)) return atGit(path);
  // git reads `host:path` as an address, so we do too.
  if (/^[\w.@-]+:/.test(target) && !(await exists(path))) return atGit(target);
  if (/[/\\]|^[.~]/.test(target) || (await exists(path))) return createFolderMirror({ folder: path, root, workFolder });
  throw unknown(target);
}

async function remoteUrl(root: string, name: string): Promise<string | undefined> {
  const git = openGit(root);
  const names = (await git.run(['remote'])).split('\n');
  return names.includes(name) ? (await git.run(['remote', 'get-url', '--push', name])).trim() : undefined;
}

async function isRepository(path: string): Promise<boolean> {
  const isBare = (await Promise.all(['HEAD', 'objects', 'refs'].map((name) => exists(join(path, name))))).every(
    Boolean,
  );
  return isBare || exists(join(path, '.git'));
}

function unknown(target: string): SettingsError {
  return new SettingsError(
    `A mirror must be a git remote or a folder, found ${JSON.stringify(target)}, which is no remote of this repository and no path.`,
    {
      hint: 'Name a remote of `git remote -v`, an address such as https://host/you/repo.git, or a folder such as ./copies.',
    },
  );
}
