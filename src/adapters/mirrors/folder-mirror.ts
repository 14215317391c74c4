/**
 * A folder that holds studies, such as one on Google Drive: for each tag a folder with two git bundles and files that
 * are always replaced as a whole. There is no live repository and no file that is appended to.
 *
 * `start.bundle` has the history up to the study's start commit and is written once; `study.bundle` has the study's own
 * commits. Commits are written before the journal that names them.
 */
import { mkdir, readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { MirrorError } from '../../core/base/errors.ts';
import type { Mirror, StoredStudy, StudySnapshot } from '../../ports/mirror.ts';
import { type Git, openGit } from '../git/git.ts';
import { makeBundle, takeBundle } from './bundle.ts';
import { readCopy } from './folder-copy.ts';
import { manifestName, manifestOf } from './manifest.ts';
import { withMirrorErrors } from './mirror-errors.ts';
import { requireOwn } from './same-study.ts';
import { sha256, writeVerified } from './whole-file.ts';

export interface FolderMirrorOptions {
  readonly folder: string;
  /** The repository. */
  readonly root: string;
  /** Folder to pack bundles in. */
  readonly workFolder: string;
}

const startBundle = 'start.bundle';
const studyBundle = 'study.bundle';
const journal = 'journal.jsonl';

/** The folder as a mirror. It is made only if its parent exists, so that a drive that is not mounted is an error. */
export function createFolderMirror({ folder, root, workFolder }: FolderMirrorOptions): Mirror {
  const git = openGit(root);
  /** Path -> checksum of each file that this session has written. */
  const written = new Map<string, string>();

  const put = async (path: string, bytes: Buffer): Promise<void> => {
    const sum = sha256(bytes);
    if (written.get(path) === sum) return;
    await writeVerified(join(folder, path), bytes);
    written.set(path, sum);
  };

  const save = async (snapshot: StudySnapshot, signal: AbortSignal): Promise<readonly string[]> => {
    const { tag, start } = snapshot;
    const contents = await readAll(snapshot, signal);
    await makeFolder(folder);
    const theirs = await readFile(join(folder, tag, journal)).catch(absent);
    if (theirs) requireOwn(theirs, contents.get(journal) ?? Buffer.alloc(0), tag);
    if (!(await isThere(join(folder, tag, startBundle)))) {
      const refs = new Map([[`refs/autoresearch/${tag}/0000`, start]]);
      await put(`${tag}/${startBundle}`, await makeBundle(git, { refs, without: [], workFolder, signal }));
    }
    const refs = new Map([...snapshot.commits].map(([name, commit]) => [`refs/autoresearch/${tag}/${name}`, commit]));
    await put(`${tag}/${studyBundle}`, await makeBundle(git, { refs, without: [start], workFolder, signal }));
    for (const [path, bytes] of contents) {
      signal.throwIfAborted();
      await put(`${tag}/${path}`, bytes);
    }
    await put(`${tag}/${manifestName}`, Buffer.from(`${JSON.stringify(manifestOf(tag, contents), null, 1)}\n`));
    return [];
  };

  const bring = async (tag: string, signal: AbortSignal): Promise<StoredStudy> => {
    const files = await readCopy(join(folder, tag));
    for (const bundle of [startBundle, studyBundle]) await takeMissing(git, join(folder, tag, bundle), signal);
    return { tag, files };
  };

  return {
    name: folder,
    save: (snapshot, signal) => withMirrorErrors(folder, signal, () => save(snapshot, signal)),
    tags: (signal) => withMirrorErrors(folder, signal, () => listTags(folder)),
    bring: (tag, signal) => withMirrorErrors(folder, signal, () => bring(tag, signal)),
  };
}

async function readAll({ files }: StudySnapshot, signal: AbortSignal): Promise<ReadonlyMap<string, Buffer>> {
  const contents = new Map<string, Buffer>();
  for (const { path, source } of files) {
    signal.throwIfAborted();
    contents.set(path, await readFile(source));
  }
  return contents;
}

async function makeFolder(folder: string): Promise<void> {
  await mkdir(folder).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'EEXIST') throw error;
  });
}

async function listTags(folder: string): Promise<string[]> {
  const names = await readdir(folder);
  const held = await Promise.all(names.map((name) => isThere(join(folder, name, journal))));
  return names.filter((_, index) => held[index]).sort();
}

/** Adds a bundle's commits to the repository; throws when the bundle is missing. */
async function takeMissing(git: Git, path: string, signal: AbortSignal): Promise<void> {
  if (!(await isThere(path))) throw new MirrorError(`${path} is missing`);
  await takeBundle(git, path, signal);
}

async function isThere(path: string): Promise<boolean> {
  return (await stat(path).catch(absent))?.isFile() === true;
}

/** Turns the error of a path that does not exist into undefined; rethrows any other. */
export function absent(error: NodeJS.ErrnoException): undefined {
  if (error.code !== 'ENOENT' && error.code !== 'ENOTDIR') throw error;
  return undefined;
}
