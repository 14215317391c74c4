/**
 * The git repository, as the loop needs it.
 *
 * The user's checkout, index, stash, hooks and configuration are never touched. Every method is an idempotent redo:
 * calling it again after a crash, with the same arguments, gives the same hashes and changes nothing.
 * Rejects with a WorkspaceError only for what the owner can mend.
 */

/** A commit of a patched source. */
export interface Candidate {
  readonly commit: string;
  readonly tree: string;
  /** Hash over the editable files' content: equal means the same candidate. */
  readonly content: string;
}

export interface CommitRequest {
  readonly experiment: number;
  /** The commit that it is made on. */
  readonly parent: string;
  /** Subject, body and trailers. */
  readonly message: string;
  /** ISO time for author and committer, from the journal, so that a redo makes the same hash. */
  readonly date: string;
}

/** A commit that only a confirmation runs: the final without one of its steps. */
export interface ContenderRequest extends Omit<CommitRequest, 'experiment'> {
  readonly confirmation: number;
  readonly contender: string;
  readonly files: Readonly<Record<string, string>>;
}

/** The repository at the top of a run's tree. */
export interface TreeRepository {
  /** What will lie in the tree and is in no commit, from its top: git is to ignore it. */
  readonly ignored: readonly string[];
}

export interface Workspace {
  /** The editable files of a commit, path relative to the sandbox -> content. */
  readonly read: (commit: string) => Promise<Record<string, string>>;
  /** Those of these files, relative to the sandbox, that a commit has and that are text. Absent where none can be read. */
  readonly readBeside?: (commit: string, paths: readonly string[]) => Promise<Record<string, string>>;
  /** The same hash as a Candidate's `content`, without writing anything: recognises a source that was tried before. */
  readonly identify: (files: Readonly<Record<string, string>>) => Promise<string>;
  /** Whether any file of the sandbox, or of all that a run gets, contains any of these texts as of a commit. */
  readonly mentions: (commit: string, texts: readonly string[], where?: 'sandbox' | 'run') => Promise<boolean>;
  /** Makes the attempt's commit and points `refs/autoresearch/<tag>/<NNNN>` at it. Other files stay those of the parent. */
  readonly commitCandidate: (
    request: CommitRequest & { files: Readonly<Record<string, string>> },
  ) => Promise<Candidate>;
  /** The same for a confirmation's contender, under `refs/autoresearch/<tag>/confirm-<number>/<contender>`. */
  readonly commitContender: (request: ContenderRequest) => Promise<Candidate>;
  /** Points the attempt ref of experiment 0 and the tip at the start commit, and describes it as a candidate. */
  readonly adoptStart: (start: string) => Promise<Candidate>;
  /** Makes the commit of a keep: `tree` on the incumbent's commit. Moves no ref. */
  readonly commitKeep: (request: CommitRequest & { tree: string }) => Promise<string>;
  /** Moves the tip, and the branch that follows it, to the next commit; an error when another program moved them. */
  readonly moveBranch: (from: string, to: string) => Promise<void>;
  /**
   * Throws when another program moved the tip or the branch, which are at `from` or at `to`, or one of the study's other refs: name below
   * `refs/autoresearch/<tag>/` -> commit. Absent where no other program can.
   */
  readonly requireUnmoved?: (from: string, to: string, others: ReadonlyMap<string, string>) => Promise<void>;
  /** Packs what the study wrote into the repository, where that is worth it. Absent where nothing is written. */
  readonly pack?: () => Promise<void>;
  /** What git would run or read as the owner, in its folder, and is another than at the last look; the first look finds nothing. */
  readonly lookAround?: () => Promise<readonly string[]>;
  /**
   * Writes the sandbox and the included paths of a commit into an empty folder, laid out as in the repository. With `repository`
   * the folder becomes the top of a repository of its own, in which that commit is checked out and the owner's is out of sight.
   */
  readonly materialise: (commit: string, folder: string, repository?: TreeRepository) => Promise<void>;
  /** The unified diff of the editable files between two commits. */
  readonly diff: (from: string, to: string) => Promise<string>;
}
