/**
 * Whether a study is whole: its folder, its journal and its refs belong together. A folder that was renamed, copied or
 * moved by hand is found before anything is run.
 */
import { existsSync } from 'node:fs';
import { basename, dirname, join, posix } from 'node:path';
import { putBackRefs } from '../../adapters/git/change-study.ts';
import { openGit } from '../../adapters/git/git.ts';
import { studyRefs } from '../../adapters/git/refs.ts';
import { findMissing, readEntries } from '../../adapters/git/tree.ts';
import { SettingsError, WorkspaceError } from '../../core/base/errors.ts';
import type { WholeHistory } from '../../core/journal/held-out.ts';
import { experimentOf, type History } from '../../core/journal/history.ts';
import { studyCommits } from '../../core/journal/study-commits.ts';
import type { LocatedBrief } from '../compose/locate-brief.ts';
import { type FoundStudy, findStudy, hasJournal, requireWholeJournal } from '../study-folder/studies.ts';

/** Throws when the study cannot go on in this folder and this repository; it changes nothing. */
export async function requireOwnStudy(study: FoundStudy, located: LocatedBrief): Promise<void> {
  requireWholeJournal(study);
  requireOwnName(study);
  await requireOwnCommits(study.history, located);
}

/**
 * Makes refs of the study that were deleted anew, where their commits are still there, and says so in a sentence;
 * undefined when none was missing.
 */
export async function mendRefs(whole: WholeHistory, root: string): Promise<string | undefined> {
  const { tag, tip, experiments } = whole.history;
  if (!experiments[0]?.candidate) return undefined;
  const made = await putBackRefs(root, tag, studyCommits(whole), tip);
  if (made.length === 0) return undefined;
  const what =
    made.length === 1 ? `${made[0]} was gone and is` : `${made.length} refs of study ${tag} were gone and are`;
  return `${what} back, as the journal has ${made.length === 1 ? 'it' : 'them'}.`;
}

/**
 * Throws when another program moved the study's refs; without this it would show at the next keep, perhaps hours later.
 */
export async function requireOwnRefs(history: History, root: string): Promise<void> {
  if (!history.experiments[0]?.candidate) return;
  await studyRefs(openGit(root), history.tag).requireUnmoved(history.branch, history.tip);
}

function requireOwnName({ tag, folder, history }: Pick<FoundStudy, 'tag' | 'folder' | 'history'>): void {
  if (history.tag === tag) return;
  const runs = basename(dirname(folder));
  if (isCopy({ tag, folder, history })) {
    throw new SettingsError(`${folder} is a copy of study ${history.tag}, which is still there.`, {
      hint: `Start a study of its own from the best of it with \`nocturne run --from autoresearch/${history.tag}\`, and delete the copy.`,
    });
  }
  const isFree = !existsSync(join(dirname(folder), history.tag));
  const back = isFree ? `, or take it back: \`mv ${runs}/${tag} ${runs}/${history.tag}\`` : '';
  throw new SettingsError(`${folder} holds study ${history.tag}: its folder was renamed, and its refs were not.`, {
    hint: `Rename the rest of it with \`nocturne rename --tag ${tag} ${tag}\`${back}.`,
  });
}

/** Whether another folder beside it holds the study under the name that the journal has. */
export function isCopy({ tag, folder, history }: Pick<FoundStudy, 'tag' | 'folder' | 'history'>): boolean {
  const runs = dirname(folder);
  if (history.tag === tag || !hasJournal(runs, history.tag)) return false;
  return findStudy(join(runs, '..'), history.tag, 'untold').history.tag === history.tag;
}

/**
 * Throws when the repository lacks what the study needs to go on, such as after a clone, or when the project was moved
 * inside its repository.
 */
async function requireOwnCommits(history: History, { root, sandboxInRepository }: LocatedBrief): Promise<void> {
  const { tag, start, tip, frozen } = history;
  const git = openGit(root);
  const candidate = experimentOf(history, history.incumbent).candidate?.commit;
  const commits = [start, tip, ...(candidate === undefined ? [] : [candidate])];
  const missing = await findMissing(git, commits);
  if (missing !== undefined) {
    throw new WorkspaceError(`Study ${tag} needs commit ${missing}, which ${root} does not have`, {
      hint: `Fetch its refs from the repository where it was, git fetch PLACE "refs/autoresearch/${tag}/*:refs/autoresearch/${tag}/*", or bring it back from its mirror with --restore.`,
    });
  }
  const paths = frozen.edit.map((path) => posix.join(sandboxInRepository, path));
  const entries = await readEntries(git, start, paths);
  const absent = paths.find((path) => !entries.some((entry) => entry.path === path));
  if (absent === undefined) return;
  throw new WorkspaceError(`Study ${tag} started from commit ${start.slice(0, 10)}, which has no ${absent}`, {
    hint: 'Was the project moved inside its repository? Move it back, or start a new study with --tag.',
  });
}
