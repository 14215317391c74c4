/**
 * A commit that differs from its parent in some files: new blobs, the trees above them, and the commit, with no index.
 *
 * Only the files named are replaced in the parent's tree, each keeping its mode; no filter changes a byte.
 */
import { posix } from 'node:path';
import { ok, WorkspaceError } from '../../core/base/errors.ts';
import { gitDate, type Identity } from './identity.ts';
import { type GitObject, objectOf } from './loose-objects.ts';
import type { ObjectMemory } from './object-memory.ts';

export interface PatchedCommitRequest {
  readonly parent: string;
  readonly message: string;
  readonly date: string;
  readonly identity: Identity;
  /** What replaces the parent's files, by path from the repository's top. */
  readonly replaced: readonly { readonly path: string; readonly content: string }[];
  /** The paths whose blob ids the result has. */
  readonly listed: readonly string[];
}

export interface PatchedCommit {
  readonly commit: string;
  readonly tree: string;
  /** The blobs of `listed`, in the same order. */
  readonly blobs: readonly string[];
  /** What has to be written, those first that others name. */
  readonly objects: readonly GitObject[];
}

/** Makes the commit, which the memory knows from then on; the same request always gives the same. */
export async function patchCommit(memory: ObjectMemory, request: PatchedCommitRequest): Promise<PatchedCommit> {
  const { parent, replaced, listed } = request;
  const digits = parent.length;
  const folders = foldersAbove([...replaced.map(({ path }) => path), ...listed]);
  const read = await memory.read(folders.map((folder) => `${parent}:${folder}`));
  const contents = new Map(folders.map((folder, index) => [folder, read[index] ?? Buffer.alloc(0)]));
  const trees: Trees = { idBytes: digits / 2, contents };
  const blobs = replaced.map(({ content }) => objectOf('blob', Buffer.from(content), digits));
  for (const [index, { path }] of replaced.entries()) setEntry(trees, path, blobs[index]?.id ?? '');
  const changed = new Set(foldersAbove(replaced.map(({ path }) => path)));
  const made: GitObject[] = [];
  // A folder comes after those within it.
  for (const folder of folders.toReversed()) {
    if (!changed.has(folder)) continue;
    const tree = objectOf('tree', contents.get(folder) ?? Buffer.alloc(0), digits);
    made.push(tree);
    if (folder !== '') setEntry(trees, folder, tree.id);
  }
  const tree = made.at(-1)?.id ?? objectOf('tree', contents.get('') ?? Buffer.alloc(0), digits).id;
  const commit = commitObject({ ...request, tree });
  const ids = listed.map((path) => entryOf(trees, path).id);
  memory.note(commit.id, commit.content);
  for (const [folder, content] of contents) memory.note(`${commit.id}:${folder}`, content);
  for (const path of listed) {
    const index = replaced.findIndex((each) => each.path === path);
    const content = blobs[index]?.content ?? memory.known(`${parent}:${path}`);
    if (content) memory.note(`${commit.id}:${path}`, content);
  }
  return { commit: commit.id, tree, blobs: ids, objects: [...blobs, ...made, commit] };
}

/** The commit of a tree on one parent, by this author at this time. */
export function commitObject({
  tree,
  parent,
  identity,
  date,
  message,
}: Pick<PatchedCommitRequest, 'parent' | 'identity' | 'date' | 'message'> & { readonly tree: string }): GitObject {
  const who = `${identity.name} <${identity.email}> ${gitDate(date)}`;
  const text = `tree ${tree}\nparent ${parent}\nauthor ${who}\ncommitter ${who}\n\n${message}`;
  return objectOf('commit', Buffer.from(text), parent.length);
}

/** The folders above these files, the top ('') first, and each before those within it. */
export function foldersAbove(files: readonly string[]): string[] {
  const above = (path: string): string[] => (path === '.' ? [''] : [...above(posix.dirname(path)), path]);
  const found = new Set(files.flatMap((file) => above(posix.dirname(file))));
  return [...found].sort((a, b) => a.split('/').length - b.split('/').length || (a < b ? -1 : 1));
}

interface Trees {
  readonly idBytes: number;
  /** By folder; each tree's content. */
  readonly contents: Map<string, Buffer>;
}

/** Points the entry of a path at another object. */
function setEntry(trees: Trees, path: string, id: string): void {
  const { folder, tree, start } = entryOf(trees, path);
  const copy = Buffer.from(tree);
  copy.write(id, start, 'hex');
  trees.contents.set(folder, copy);
}

/** An entry of a tree: mode, space, name, a zero byte, and the bytes of an id. */
function entryOf({ contents, idBytes }: Trees, path: string) {
  const folder = path.includes('/') ? posix.dirname(path) : '';
  const tree = contents.get(folder);
  ok(tree !== undefined, 'the trees above a path were read');
  const wanted = Buffer.from(posix.basename(path));
  for (let at = 0; at < tree.length; ) {
    const end = tree.indexOf(0, at);
    const start = end + 1;
    if (tree.subarray(tree.indexOf(0x20, at) + 1, end).equals(wanted)) {
      return { folder, tree, start, id: tree.toString('hex', start, start + idBytes) };
    }
    at = start + idBytes;
  }
  throw new WorkspaceError(`The file ${path} does not exist in the parent of a candidate`);
}
