/**
 * Reads what the repository holds of a study, without the journal.
 */
import { type Git, openGit } from './git.ts';

export interface StoredCommit {
  readonly commit: string;
  readonly tree: string;
  readonly parents: readonly string[];
}

export interface KeepCommit extends StoredCommit {
  readonly message: string;
}

export interface StudyInRepository {
  /** Attempt number -> what its ref points at. */
  readonly attempts: ReadonlyMap<number, StoredCommit>;
  readonly tip: string | undefined;
  /** The branch, and whether a worktree has it checked out, which keeps it from following the tip. */
  readonly branch: { readonly commit: string; readonly isCheckedOut: boolean } | undefined;
  /** The accepted commits from the tip back to the start, the start left out. */
  readonly accepted: readonly KeepCommit[];
}

/** Reads the refs of a tag and the accepted chain. */
export async function readStudyInRepository(root: string, tag: string, start: string): Promise<StudyInRepository> {
  const git = openGit(root);
  const folder = `refs/autoresearch/${tag}/`;
  const branchName = `refs/heads/autoresearch/${tag}`;
  const format = '--format=%(refname) %(objectname) %(if)%(worktreepath)%(then)1%(else)0%(end)';
  const lines = (await git.run(['for-each-ref', format, folder, branchName])).split('\n').filter(Boolean);
  const refs = lines.map((line) => line.split(' ') as [name: string, commit: string, isCheckedOut: string]);
  const commits = await readCommits(git, new Set(refs.map(([, commit]) => commit)));
  const attempts = new Map<number, StoredCommit>();
  let tip: string | undefined;
  let branch: StudyInRepository['branch'];
  for (const [name, commit, isCheckedOut] of refs) {
    if (name === branchName) branch = { commit, isCheckedOut: isCheckedOut === '1' };
    else if (name === `${folder}tip`) tip = commit;
    // A contender of a confirmation is no attempt, nor is what a repair has set aside.
    else if (!/^(?:confirm|repair)-/.test(name.slice(folder.length)))
      attempts.set(Number(name.slice(folder.length)), commits.get(commit) ?? { commit, tree: 'nowhere', parents: [] });
  }
  const accepted = tip !== undefined && commits.has(tip) ? await readChain(root, start, tip) : [];
  return { attempts, tip, branch, accepted };
}

/** Those of these that are commits: a ref that was written by hand may name nothing. */
async function readCommits(git: Git, ids: ReadonlySet<string>): Promise<ReadonlyMap<string, StoredCommit>> {
  const input = (wanted: Iterable<string>) => ({ input: [...wanted].map((id) => `${id}\n`).join('') });
  const kinds = await git.run(['cat-file', '--batch-check=%(objectname) %(objecttype)'], input(ids));
  const there = kinds.split('\n').flatMap((line) => line.match(/^(\w+) commit$/)?.[1] ?? []);
  // Without any, git would tell of HEAD.
  if (there.length === 0) return new Map();
  const told = await git.run(['log', '--no-walk=unsorted', '--stdin', '--format=%H %T %P'], input(there));
  return new Map(
    told
      .split('\n')
      .filter(Boolean)
      .map((line) => line.trim().split(' '))
      .map(([commit = '', tree = '', ...parents]) => [commit, { commit, tree, parents }]),
  );
}

async function readChain(root: string, start: string, tip: string): Promise<KeepCommit[]> {
  const range = `${start}..${tip}`;
  const commits = await openGit(root).run(['log', '-z', '--format=%H%n%T%n%P%n%B', '--first-parent', range]);
  return commits
    .split('\0')
    .filter(Boolean)
    .map((text) => {
      const [commit = '', tree = '', parents = '', ...message] = text.split('\n');
      return { commit, tree, parents: parents.split(' '), message: message.join('\n') };
    });
}
