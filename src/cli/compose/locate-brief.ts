/**
 * Finds what belongs to a brief: its file, its repository, its sandbox and the folder of its studies.
 */

import { realpath } from 'node:fs/promises';
import { dirname, join, relative, sep } from 'node:path';
import { type BriefFile, readBrief } from '../../adapters/brief-file.ts';
import { pathInside } from '../../adapters/files/path-inside.ts';
import { findRepository } from '../../adapters/git/start-point.ts';
import { BriefError } from '../../core/base/errors.ts';
import { isOutside } from '../../core/journal/settings/brief-path.ts';

export interface LocatedBrief extends BriefFile {
  /** The repository's top level. */
  readonly root: string;
  /** Path of the brief from the root, separated by `/`; so are the next two. */
  readonly briefInRepository: string;
  readonly sandboxInRepository: string;
  readonly includeInRepository: readonly string[];
  /** Absolute path of the user's sandbox folder. */
  readonly userSandbox: string;
  /** Absolute `runs/` beside the brief. */
  readonly runs: string;
}

/** Reads the brief and finds its repository. Throws ResearchErrors only. */
export async function locateBrief(briefArgument: string | undefined): Promise<LocatedBrief> {
  const file = await readBrief(briefArgument ?? '.');
  // git names the top level with links resolved, so the brief's folder must be too.
  const folder = await realpath(file.folder);
  return placeBrief({ ...file, folder }, await findRepository(folder));
}

/** What belongs to a brief in this repository; its folder and the repository's top level have their links resolved. */
export function placeBrief(file: BriefFile, root: string): LocatedBrief {
  const { folder } = file;
  const inRepository = (path: string, key: string) => pathInRepository(root, join(folder, path), key);
  for (const path of file.brief.link) if (!isOutside(path)) inRepository(join(file.brief.sandbox, path), 'link');
  return {
    ...file,
    root,
    briefInRepository: inRepository(relative(dirname(file.path), file.path), 'program.md'),
    sandboxInRepository: inRepository(file.brief.sandbox, 'sandbox'),
    includeInRepository: file.brief.include.map((path) => inRepository(path, 'include')),
    userSandbox: join(folder, file.brief.sandbox),
    runs: join(folder, 'runs'),
  };
}

function pathInRepository(root: string, path: string, key: string): string {
  const found = pathInside(root, path);
  if (found !== undefined) return found === '' ? '.' : found.split(sep).join('/');
  throw new BriefError(`program.md: \`${key}\` must lie in the repository ${root}, found ${path}.`, {
    hint: 'Move it into the repository, or put the brief beside it.',
  });
}
