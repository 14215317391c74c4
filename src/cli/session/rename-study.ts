/**
 * Gives a study another name: in its journal, in git and as a folder, in this order. After a crash the same command
 * does the rest.
 */
import { rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { openFileArchive } from '../../adapters/archive/file-archive.ts';
import { exists } from '../../adapters/files/exists.ts';
import { lockFile } from '../../adapters/files/study-files.ts';
import { isInRepository, renameInRepository } from '../../adapters/git/change-study.ts';
import { findRepository } from '../../adapters/git/start-point.ts';
import { SettingsError } from '../../core/base/errors.ts';
import type { Entry } from '../../core/journal/entry.ts';
import { type FoundStudy, hasJournal } from '../study-folder/studies.ts';
import { withIdleStudy } from './idle-study.ts';
import { isCopy } from './own-study.ts';

/** Renames the study. Throws ResearchErrors only, and then has changed nothing. */
export async function renameStudy(study: FoundStudy, to: string): Promise<void> {
  const { tag: from, folder, history } = study;
  const runs = dirname(folder);
  const root = await findRepository(dirname(runs));
  await withIdleStudy(folder, from, async () => {
    const archive = await openFileArchive(folder, () => new Date().toISOString());
    try {
      const earlier = earlierNames(
        await archive.entries(),
        [history.tag, from],
        to,
        (name) => hasJournal(runs, name) && name !== from,
      );
      await requireFree(study, to, root);
      if (history.tag !== to) await archive.append({ event: 'study-renamed', tag: to });
      for (const name of earlier) await renameInRepository(root, name, to);
    } finally {
      await archive.close();
    }
    if (from === to) return;
    await rename(folder, join(runs, to));
    await rm(join(runs, to, lockFile), { force: true });
  });
}

async function requireFree({ tag: from, folder, history }: FoundStudy, to: string, root: string): Promise<void> {
  const target = join(dirname(folder), to);
  if (from === to && history.tag === to) {
    throw new SettingsError(`Study ${to} has this name already.`, { hint: 'Name another one.' });
  }
  if (isCopy({ tag: from, folder, history })) {
    throw new SettingsError(`${folder} is a copy of study ${history.tag}, and two folders cannot share its refs.`, {
      hint: `Delete the copy; a study of its own starts with \`nocturne run --from autoresearch/${history.tag}\`.`,
    });
  }
  if (from !== to && (await exists(target))) {
    throw new SettingsError(`There is a ${target} already.`, { hint: 'Choose another name.' });
  }
  // A rename that a crash cut short has the new name in the journal already, and perhaps in git.
  if (history.tag === to || !(await isInRepository(root, to))) return;
  throw new SettingsError(`The repository has refs of another study named ${to}.`, {
    hint: `Choose another name, or delete them with \`nocturne remove --tag ${to}\`.`,
  });
}

/** The names under which git may have the study: those that it has now, and the one before, after a crash. */
function earlierNames(
  entries: readonly Entry[],
  current: readonly string[],
  to: string,
  isAnothers: (name: string) => boolean,
): string[] {
  const names = entries.flatMap((entry) =>
    entry.event === 'study-started' || entry.event === 'study-renamed' ? [entry.tag] : [],
  );
  const candidates = new Set([...current, ...names.slice(-2)]);
  return [...candidates].filter((name) => name !== to && !isAnothers(name));
}
