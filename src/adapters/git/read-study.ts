/**
 * Reads what the repository holds of a study, without the journal.
 */
import { openGit } from './git.ts';

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
  const format = '--format=%(refname) %(objectname) %(tree) %(if)%(worktreepath)%(then)1%(else)0%(end) %(parent)';
  const refs = (await git.run(['for-each-ref', format, folder, branchName])).split('\n').filter(Boolean);
  const attempts = new Map<number, StoredCommit>();
  let tip: string | undefined;
  let branch: StudyInRepository['branch'];
  for (const line of refs) {
    const [name = '', commit = '', tree = '', isCheckedOut, ...parents] = line.trim().split(' ');
    if (name === branchName) branch = { commit, isCheckedOut: isCheckedOut === '1' };
    else if (name === `${folder}tip`) tip = commit;
    // A contender of a confirmation is no attempt, nor is what a repair has set aside.
    else if (!/^(?:confirm|repair)-/.test(name.slice(folder.length)))
      attempts.set(Number(name.slice(folder.length)), { commit, tree, parents });
  }
  return { attempts, tip, branch, accepted: tip === undefined ? [] : await readChain(root, start, tip) };
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
