/**
 * A place outside this machine with a copy of a study, from which the study can go on in a fresh clone.
 *
 * A copy holds the journal, the commits that it names, and the small files beside it. Saving again is a redo: after a
 * save that was cut short the place holds either the old copy or the new one. Rejects with a MirrorError only.
 */

/** A file of a study as it is to be kept. */
export interface StudyFile {
  /** Relative to the study's folder, `/`-separated. */
  readonly path: string;
  /** Absolute path of what it holds now; not changed any more while the snapshot is in use. */
  readonly source: string;
}

/** A study as of one moment: the files agree with each other, and the commits are all that the journal names. */
export interface StudySnapshot {
  readonly tag: string;
  /** Entries of the journal. */
  readonly entries: number;
  /** Experiments whose outcome is in it, the baseline not counted. */
  readonly experiments: number;
  readonly start: string;
  /** Below `refs/autoresearch/<tag>/`: name -> commit. */
  readonly commits: ReadonlyMap<string, string>;
  /** Commits that the tip was at before. */
  readonly earlierTips: readonly string[];
  /** The journal is the last file. */
  readonly files: readonly StudyFile[];
}

/** A copy that was brought back: its commits are in the repository, and no ref was moved. */
export interface StoredStudy {
  readonly tag: string;
  /** Relative to the study's folder -> content. The mirror has checked that each is what was saved. */
  readonly files: ReadonlyMap<string, Buffer>;
}

export interface Mirror {
  /** The place's name for people; never with a password. */
  readonly name: string;
  /** Saves this snapshot; resolves to a sentence for each part that could not be saved when the rest could. */
  readonly save: (snapshot: StudySnapshot, signal: AbortSignal) => Promise<readonly string[]>;
  /** The tags of the studies there. */
  readonly tags: (signal: AbortSignal) => Promise<readonly string[]>;
  /** Brings the commits of a study into the repository, and its files along. */
  readonly bring: (tag: string, signal: AbortSignal) => Promise<StoredStudy>;
}
