/**
 * Deletes a study: its refs and its branch, then its folder. After a crash the same command does the rest.
 */
import { realpath, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { exists } from '../../adapters/files/exists.ts';
import { removeTree } from '../../adapters/files/remove-tree.ts';
import { isInRepository, removeFromRepository } from '../../adapters/git/change-study.ts';
import { findRepository } from '../../adapters/git/start-point.ts';
import { ArchiveError, SettingsError } from '../../core/base/errors.ts';
import { isForeign } from '../study-folder/make-study-folder.ts';
import { findStudy, hasJournal, misnamedFolder } from '../study-folder/studies.ts';
import { say } from '../terminal/print.ts';
import { withIdleStudy } from './idle-study.ts';
import { isCopy } from './own-study.ts';
import { giveBackRented, rentedFor } from './rented.ts';

/** What there is of a study, to be deleted. */
export interface Remains {
  readonly tag: string;
  /** The repository. */
  readonly root: string;
  /** Its folder; undefined where it was deleted before. */
  readonly folder: string | undefined;
  /** The names under which git has it; none for a copy of another study's folder. */
  readonly names: readonly string[];
}

/** Finds what there is of a study. Throws a SettingsError when there is nothing. */
export async function findRemains(runs: string, tag: string): Promise<Remains> {
  const root = await findRepository(dirname(runs));
  const folder = join(runs, tag);
  if (hasJournal(runs, tag)) {
    return { tag, root, folder, names: await stored(root, namesOf(runs, tag)) };
  }
  const elsewhere = misnamedFolder(runs, tag);
  if (elsewhere !== undefined) {
    throw new SettingsError(
      `Study ${tag} lies in ${join(runs, elsewhere)}: its folder was renamed, and its refs were not.`,
      {
        hint: `Rename the rest of it with \`nocturne rename --tag ${elsewhere} ${elsewhere}\`, or delete it with \`nocturne remove --tag ${elsewhere}\`.`,
      },
    );
  }
  const names = await stored(root, [tag]);
  const isOwn = (await exists(folder)) && !(await isForeign(folder));
  if (names.length === 0 && !isOwn) {
    throw new SettingsError(`There is no study ${tag} in ${runs}, and git has no refs of one.`, {
      hint: 'Name its project with --brief, such as --brief runs/demo, or see what there is: ls runs, git for-each-ref refs/autoresearch',
    });
  }
  return { tag, root, folder: isOwn ? folder : undefined, names };
}

/** What git may have it under: its folder's name, and its own. A journal that cannot say that name keeps nobody from deleting. */
function namesOf(runs: string, tag: string): readonly string[] {
  try {
    const study = findStudy(dirname(runs), tag);
    return isCopy(study) ? [tag] : [...new Set([tag, study.history.tag])];
  } catch (error) {
    if (error instanceof ArchiveError) return [tag];
    throw error;
  }
}

/** Deletes them, and tells how many refs git had. Throws ResearchErrors only. */
export async function removeStudy({ tag, root, folder, names }: Remains): Promise<number> {
  const removeRefs = async () => {
    let refs = 0;
    for (const name of names) refs += await removeFromRepository(root, name);
    return refs;
  };
  if (folder === undefined) return removeRefs();
  return withIdleStudy(folder, tag, async () => {
    await requireNothingRented(folder, tag);
    const refs = await removeRefs();
    // A study that was moved to another disk is a link here.
    await removeTree(await realpath(folder));
    await rm(folder, { recursive: true, force: true });
    return refs;
  });
}

/** The study's folder is the only place that knows of a machine rented for it. */
async function requireNothingRented(folder: string, tag: string): Promise<void> {
  await giveBackRented(folder, say);
  const [left] = await rentedFor(folder);
  if (left === undefined) return;
  throw new SettingsError(`${left}, rented for study ${tag}, may be there still, so the study was not deleted.`, {
    hint: 'Try again when the service answers.',
  });
}

async function stored(root: string, names: readonly string[]): Promise<string[]> {
  const found: string[] = [];
  for (const name of names) if (await isInRepository(root, name)) found.push(name);
  return found;
}
