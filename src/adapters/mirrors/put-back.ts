/**
 * Writes a study from a mirror into this clone: its refs first, then the small files, and the journal last, since with
 * it the study can go on. After a crash it can be repeated without harm.
 */
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { ArchiveError, MirrorError } from '../../core/base/errors.ts';
import { foldWhole } from '../../core/journal/fold.ts';
import type { WholeHistory } from '../../core/journal/held-out.ts';
import type { History } from '../../core/journal/history.ts';
import { studyCommits } from '../../core/journal/study-commits.ts';
import type { StoredStudy } from '../../ports/mirror.ts';
import { journalPath, readJournal } from '../archive/read-journal.ts';
import { writeWhole } from '../files/write-whole.ts';
import { type Git, openGit } from '../git/git.ts';
import { findMissing } from '../git/tree.ts';
import { relate } from './same-study.ts';
import { writeVerified } from './whole-file.ts';

export interface PutBackOptions {
  readonly studyFolder: string;
  /** The repository. */
  readonly root: string;
  /** Folder in which the journal is checked before it is put back. */
  readonly workFolder: string;
  /** The mirror's name, for messages. */
  readonly from: string;
}

/** The study was put back, or was not because the one here is the same or newer. */
export type PutBack = { readonly kind: 'restored'; readonly history: History } | { readonly kind: 'further-here' };

/**
 * Puts the study back, unless the study here has the same entries or more. Throws a MirrorError, and changes nothing,
 * when the copy is damaged or is another study's.
 */
export async function putBack({ tag, files }: StoredStudy, options: PutBackOptions): Promise<PutBack> {
  const { studyFolder, from } = options;
  const journal = files.get('journal.jsonl');
  if (journal === undefined) throw new MirrorError(`${from}: study ${tag} has no journal there`);
  const here = await readFile(journalPath(studyFolder)).catch(() => Buffer.alloc(0));
  const relation = relate(journal, here);
  if (relation === 'other') throw otherStudy(tag, from, studyFolder);
  if (relation !== 'further') return { kind: 'further-here' };
  const whole = await readHistory(journal, tag, options);
  await claimRefs(openGit(options.root), tag, whole, from);
  for (const [path, bytes] of files) {
    if (path === 'journal.jsonl') continue;
    await mkdir(dirname(join(studyFolder, path)), { recursive: true });
    await writeWhole(join(studyFolder, path), bytes, { isDurable: false });
  }
  await writeVerified(journalPath(studyFolder), journal);
  return { kind: 'restored', history: whole.history };
}

/**
 * Folds the journal of the copy. Throws a MirrorError when a line fails its checksum or its number, or names another
 * study.
 */
async function readHistory(journal: Buffer, tag: string, { workFolder, from }: PutBackOptions): Promise<WholeHistory> {
  const path = join(workFolder, 'journal.jsonl');
  await mkdir(workFolder, { recursive: true });
  await writeFile(path, journal);
  const { whole, goodBytes } = fold(path, from);
  if (whole === undefined || goodBytes !== journal.length)
    throw new MirrorError(`${from}: the journal of study ${tag} there is damaged`);
  const { history } = whole;
  if (history.tag !== tag) throw new MirrorError(`${from}: what lies there as study ${tag} is study ${history.tag}`);
  return whole;
}

function fold(path: string, from: string) {
  let goodBytes = 0;
  const entries = function* () {
    const end = yield* readJournal(path);
    goodBytes = end.goodBytes;
  };
  try {
    const whole = foldWhole(entries());
    return { whole, goodBytes };
  } catch (cause) {
    if (!(cause instanceof ArchiveError)) throw cause;
    throw new MirrorError(`${from}: ${cause.message}`, { cause });
  }
}

/**
 * Sets all of a study's refs in one transaction. Throws when a ref here is at a commit that the mirror's does not
 * contain.
 */
async function claimRefs(git: Git, tag: string, whole: WholeHistory, from: string): Promise<void> {
  const wanted = new Map(
    [...studyCommits(whole)].map(([name, commit]) => [`refs/autoresearch/${tag}/${name}`, commit]),
  );
  wanted.set(`refs/heads/autoresearch/${tag}`, whole.history.tip);
  await requireCommits(git, [...wanted.values()], from);
  const listed = await git.run([
    'for-each-ref',
    '--format=%(refname) %(objectname)',
    `refs/autoresearch/${tag}/`,
    `refs/heads/autoresearch/${tag}`,
  ]);
  const here = new Map(
    listed.split('\n').map((line): [string, string] => [line.split(' ')[0] ?? '', line.split(' ')[1] ?? '']),
  );
  const updates: string[] = [];
  for (const [ref, commit] of wanted) {
    const found = here.get(ref);
    if (found === commit) continue;
    if (found !== undefined && !(await isOlder(git, found, commit))) throw refTaken(ref, found, commit);
    updates.push(`update ${ref} ${commit} ${found ?? '0'.repeat(commit.length)}`);
  }
  if (updates.length > 0) await git.run(['update-ref', '--stdin'], { input: `${updates.join('\n')}\n` });
}

async function isOlder(git: Git, older: string, newer: string): Promise<boolean> {
  return (await git.run(['rev-list', '-1', older, `^${newer}`])).trim() === '';
}

async function requireCommits(git: Git, commits: readonly string[], from: string): Promise<void> {
  const missing = await findMissing(git, commits);
  if (missing === undefined) return;
  throw new MirrorError(`${from}: commit ${missing}, which the journal names, is not there`, {
    hint: 'Fetch the history that the study started from into this clone, and try again; nothing was changed.',
  });
}

function otherStudy(tag: string, from: string, folder: string): MirrorError {
  return new MirrorError(`${from}: study ${tag} there is not the one in ${folder}; they have different journals`, {
    hint: 'Leave --restore out to go on with the one here, or move its folder out of the way.',
  });
}

function refTaken(ref: string, found: string, wanted: string): MirrorError {
  return new MirrorError(`${ref} is at ${found} in this repository, and the study in the mirror has it at ${wanted}`, {
    hint: `Keep what is there under another name and delete it: git update-ref -d ${ref}`,
  });
}
