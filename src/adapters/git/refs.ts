/**
 * The refs of a study: one per attempt, the tip, which decides, and the branch that follows it.
 *
 * A ref is only moved while it is still where this study left it. A branch that a worktree has checked out is left
 * alone, since moving it would make that worktree look edited.
 */
import { WorkspaceError } from '../../core/base/errors.ts';
import type { Git } from './git.ts';
import { gitPath } from './git-folders.ts';
import { makeRefFile, type Ref, readRefFiles } from './ref-files.ts';
import { withoutStaleLocks } from './stale-lock.ts';

export interface StudyRefs {
  readonly attempt: (experiment: number) => string;
  readonly contender: (confirmation: number, contender: string) => string;
  /**
   * Throws when the tag cannot be claimed for a study that starts at this commit. What a study left that started at `former`
   * and begins anew is not in the way.
   */
  readonly requireFree: (start: string, former?: string) => Promise<void>;
  /**
   * Throws when the tip or the branch is not where the study left them: at `from`, or at `to` already; or another of its refs, by its
   * name below the study's folder, not at its commit.
   */
  readonly requireUnmoved: (from: string, to: string, others?: ReadonlyMap<string, string>) => Promise<void>;
  /** Points the ref of an attempt or a contender at a commit; `parts` is a folder of the study's own. */
  readonly put: (name: string, commit: string, parts: string) => Promise<void>;
  /** Claims the tag for a study that starts at this commit. */
  readonly claim: (start: string) => Promise<void>;
  /** Moves all that a study has which has tried nothing yet, from its former start to this one. */
  readonly restart: (former: string, start: string) => Promise<void>;
  /** Moves the tip and the branch. */
  readonly move: (from: string, to: string) => Promise<void>;
}

interface Update {
  readonly name: string;
  readonly to: string;
  /** The commit that it must be at now; undefined when it must not exist. */
  readonly from: string | undefined;
}

/** Git cannot have a branch of this name beside the branches below it. */
const BRANCHES = 'refs/heads/autoresearch';

export function studyRefs(git: Git, tag: string): StudyRefs {
  const folder = `refs/autoresearch/${tag}`;
  const tip = `${folder}/tip`;
  const branch = `${BRANCHES}/${tag}`;
  const attempt = (experiment: number) => `${folder}/${String(experiment).padStart(4, '0')}`;
  let found: Promise<string> | undefined;
  const gitFolder = () => {
    found ??= gitPath(git, '--git-common-dir');
    return found;
  };
  /** As `readRefs`; what a study asks before and after each run takes no process of git. */
  const readFiles = async (names: readonly string[]): Promise<readonly Ref[]> =>
    (await readRefFiles(await gitFolder(), names)) ?? (await readRefs(git, names));

  const claimsFor = async (start: string, former = start): Promise<Update[]> => {
    const own = [attempt(0), tip, branch];
    const found = await readRefs(git, [folder, branch, BRANCHES]);
    if (found.some(({ name }) => name === BRANCHES)) throw inTheWay(branch);
    const ofTag = found.filter(({ name }) => name === branch || name.startsWith(`${folder}/`));
    const isOwn = ({ name, commit }: Ref) => own.includes(name) && [start, former].includes(commit);
    const foreign = ofTag.find((ref) => !isOwn(ref));
    if (foreign !== undefined) throw taken(tag, foreign, start);
    const moved = ofTag
      .filter(({ commit }) => commit !== start)
      .map(({ name, commit }) => ({ name, to: start, from: commit }));
    const missing = own.filter((name) => !ofTag.some((ref) => ref.name === name));
    return [...moved, ...missing.map((name) => ({ name, to: start, from: undefined }))];
  };

  const movesBetween = async (found: readonly Ref[], from: string, to: string): Promise<Update[]> => {
    const named = (name: string) => found.find((ref) => ref.name === name);
    const tipMove = moveTip(tip, named(tip), from, to);
    return [...tipMove, ...(await moveBranch(git, branch, named(branch), from, to))];
  };

  return {
    attempt,
    contender: (confirmation, contender) => `${folder}/confirm-${confirmation}/${contender}`,
    requireFree: async (start, former) => void (await claimsFor(start, former)),
    requireUnmoved: async (from, to, others = new Map()) => {
      const found = await readFiles([folder, branch]);
      await movesBetween(found, from, to);
      const commits = new Map(found.map((ref) => [ref.name, ref.commit]));
      for (const [name, commit] of others) {
        const at = commits.get(`${folder}/${name}`);
        if (at !== commit) throw movedElsewhere(`${folder}/${name}`, at ?? 'nowhere', commit);
      }
    },
    put: async (name, commit, parts) => {
      if (await makeRefFile(await gitFolder(), name, commit, parts)) return;
      await withoutStaleLocks(() => git.run(['update-ref', name, commit]));
    },
    claim: async (start) => update(git, await claimsFor(start)),
    restart: async (former, start) => {
      // A study that has claimed nothing claims nothing here either: its baseline does.
      if ((await readRefs(git, [folder, branch])).length > 0) await update(git, await claimsFor(start, former));
    },
    move: async (from, to) => update(git, await movesBetween(await readFiles([tip, branch]), from, to)),
  };
}

function inTheWay(branch: string): WorkspaceError {
  return new WorkspaceError(`A branch named autoresearch is in the way of ${branch}`, {
    hint: 'Rename it: git branch -m autoresearch autoresearch-old',
  });
}

function taken(tag: string, { name, commit }: Ref, start: string): WorkspaceError {
  return new WorkspaceError(`The tag ${tag} is taken: ${name} is at ${commit}, and this study starts at ${start}`, {
    hint: `Put its folder back, choose another name with --tag, or delete what is left of the old study with \`nocturne remove --tag ${tag}\`.`,
  });
}

function moveTip(name: string, ref: Ref | undefined, from: string, to: string): Update[] {
  if (ref?.commit === to) return [];
  if (ref?.commit === from) return [{ name, to, from }];
  throw movedElsewhere(name, ref?.commit ?? 'nowhere', from);
}

/** A branch behind the tip, or deleted, is moved too: it may have been checked out while the study went on. */
async function moveBranch(git: Git, name: string, ref: Ref | undefined, from: string, to: string): Promise<Update[]> {
  if (ref === undefined) return [{ name, to, from: undefined }];
  if (ref.commit === to || ref.worktree !== '') return [];
  if (ref.commit === from || (await isAncestor(git, ref.commit, from))) return [{ name, to, from: ref.commit }];
  throw movedElsewhere(name, ref.commit, from);
}

function movedElsewhere(name: string, found: string, expected: string): WorkspaceError {
  return new WorkspaceError(`${name} is at ${found}, but this study left it at ${expected}: another program moved it`, {
    hint: `Keep what is there under another branch, then put it back: git update-ref ${name} ${expected}`,
  });
}

/** A ref that was written by hand may name what is no commit, or nothing. */
async function isAncestor(git: Git, older: string, newer: string): Promise<boolean> {
  const kind = await git.run(['cat-file', '--batch-check=%(objecttype)'], { input: `${older}\n` });
  return kind.trim() === 'commit' && (await git.run(['rev-list', '-1', older, `^${newer}`])).trim() === '';
}

/** The refs that match, as they are now. */
export async function readRefs(git: Git, patterns: readonly string[]): Promise<Ref[]> {
  const listed = await git.run(['for-each-ref', '--format=%(refname)%00%(objectname)%00%(worktreepath)', ...patterns]);
  return listed
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => line.split('\0'))
    .map(([name = '', commit = '', worktree = '']) => ({ name, commit, worktree }));
}

/** Git applies the updates together, each only when its ref is still where it was read. */
async function update(git: Git, updates: readonly Update[]): Promise<void> {
  if (updates.length === 0) return;
  const lines = updates.map(({ name, to, from }) => `update ${name} ${to} ${from ?? '0'.repeat(to.length)}`);
  await withoutStaleLocks(() => git.run(['update-ref', '--stdin'], { input: `${lines.join('\n')}\n` }));
}
