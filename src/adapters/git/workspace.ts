/**
 * The workspace of a study in a git repository.
 *
 * Everything is made beside the user's checkout: objects and refs of its own, and a temporary index file for each
 * checkout. The user's files, index, stash, hooks and configuration are never written.
 */
import { createHash } from 'node:crypto';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join, posix, resolve } from 'node:path';
import { ok, WorkspaceError } from '../../core/base/errors.ts';
import type { ContenderRequest, Workspace } from '../../ports/workspace.ts';
import { viewNotebooks } from '../notebooks/view-notebooks.ts';
import { diffOf } from './diff.ts';
import { type Git, openGit } from './git.ts';
import { readIdentity } from './identity.ts';
import { writeLoose } from './loose-objects.ts';
import { createObjectMemory } from './object-memory.ts';
import { createObjectStore, findObjectsFolder, type ObjectStore, plainIndex } from './object-store.ts';
import { packStudy } from './pack-study.ts';
import { commitObject, patchCommit } from './patched-commit.ts';
import { studyRefs } from './refs.ts';
import { watchRepository } from './repository-watch.ts';
import { createRunRepositories } from './run-repository.ts';
import { readEntries } from './tree.ts';

export interface GitWorkspaceOptions {
  /** The repository's top level, absolute. */
  readonly root: string;
  /** The sandbox, from the root; '.' when it is the root. */
  readonly sandbox: string;
  /** The editable files, from the sandbox. */
  readonly edit: readonly string[];
  /** Further paths that a run needs, from the root. */
  readonly include: readonly string[];
  readonly tag: string;
  /** Folder for temporary index files, and for the store that the repositories of runs share. */
  readonly indexFolder: string;
}

export function createGitWorkspace(options: GitWorkspaceOptions): Workspace {
  const { root, edit } = options;
  const git = openGit(root);
  const refs = studyRefs(git, options.tag);
  const editable = edit.map((path) => posix.join(options.sandbox, path));
  const given = [options.sandbox, ...options.include];
  const store = createObjectStore(git, { folder: join(options.indexFolder, 'repository'), editable, given });
  const checkout = checkoutInto(git, options, store);
  const memory = createObjectMemory(git);
  const layRepository = createRunRepositories(memory, store, { tag: options.tag, editable });
  const identity = once(() => readIdentity(git));
  const objectsFolder = once(() => findObjectsFolder(git));
  const hashName = once(async () => (await git.run(['rev-parse', '--show-object-format'])).trim());

  const read = async (commit: string): Promise<readonly Buffer[]> => {
    const contents = await memory.read(editable.map((path) => `${commit}:${path}`));
    return contents.map((content, index) => content ?? missing(`commit ${commit}`, editable[index]));
  };

  const commitFiles = async (
    ref: string,
    { parent, message, date, files }: Omit<ContenderRequest, 'confirmation' | 'contender'>,
  ) => {
    const unknown = Object.keys(files).find((path) => !edit.includes(path));
    ok(unknown === undefined, `a candidate changes editable files only, not ${unknown}`);
    const replaced = edit.flatMap((path, index) => {
      const content = files[path];
      return content === undefined ? [] : [{ path: editable[index] ?? '', content }];
    });
    const request = { parent, message: withNewline(message), date, replaced, identity: await identity() };
    const { commit, tree, blobs, objects } = await patchCommit(memory, { ...request, listed: editable });
    await writeLoose(await objectsFolder(), options.indexFolder, objects);
    await refs.put(ref, commit, options.indexFolder);
    return { commit, tree, content: contentHash(edit, blobs) };
  };

  return viewNotebooks(edit, {
    read: async (commit) => {
      const contents = await read(commit);
      return Object.fromEntries(edit.map((path, index) => [path, decode(contents[index], path, commit)]));
    },

    readBeside: async (commit, paths) => {
      const contents = await memory.read(paths.map((path) => `${commit}:${posix.join(options.sandbox, path)}`));
      const texts = paths.flatMap((path, index) => {
        const content = contents[index];
        return content === undefined || content.includes(0) ? [] : [[path, content.toString('utf8')] as const];
      });
      return Object.fromEntries(texts);
    },

    identify: async (files) => {
      const algorithm = await hashName();
      return contentHash(
        edit,
        edit.map((path) => blobId(algorithm, files[path] ?? missing('the proposal', path))),
      );
    },

    mentions: async (commit, texts, where = 'sandbox') => {
      const holders = await git.run([
        'grep',
        '--name-only',
        '--fixed-strings',
        ...texts.flatMap((text) => ['-e', text]),
        commit,
        '--',
        options.sandbox,
        ...(where === 'run' ? options.include : []),
      ]);
      return holders !== '';
    },

    commitCandidate: ({ experiment, ...request }) => commitFiles(refs.attempt(experiment), request),

    commitContender: ({ confirmation, contender, ...request }) =>
      commitFiles(refs.contender(confirmation, contender), request),

    adoptStart: async (start) => {
      const [entries, tree] = await Promise.all([
        readEntries(git, start, editable),
        git.run(['rev-parse', '--verify', `${start}^{tree}`]),
      ]);
      const blobs = editable.map(
        (path) => entries.find((entry) => entry.path === path)?.id ?? missing(`commit ${start}`, path),
      );
      await refs.claim(start);
      return { commit: start, tree: tree.trim(), content: contentHash(edit, blobs) };
    },

    commitKeep: async ({ parent, tree, message, date }) => {
      const commit = commitObject({ tree, parent, date, message: withNewline(message), identity: await identity() });
      await writeLoose(await objectsFolder(), options.indexFolder, [commit]);
      return commit.id;
    },

    moveBranch: refs.move,

    requireUnmoved: refs.requireUnmoved,

    lookAround: watchRepository(git),

    pack: async () => {
      const folder = join(options.indexFolder, 'packing');
      await packStudy(git, { tag: options.tag, objects: await objectsFolder(), folder });
    },

    materialise: async (commit, folder, repository) => {
      const target = resolve(folder);
      await mkdir(target, { recursive: true });
      const [contents, index] = await Promise.all([read(commit), checkout(commit, target, repository !== undefined)]);
      // Filters such as autocrlf belong to the user's checkout; a run gets the bytes that were committed.
      await Promise.all(editable.map((path, at) => writeFile(join(target, path), contents[at] ?? '')));
      if (repository === undefined) await rm(index, { force: true });
      else await layRepository({ commit, folder: target, index, ignored: repository.ignored });
    },

    diff: (from, to) => diffOf(git, from, to, editable),
  });
}

/** Checks out the sandbox and the included paths with a temporary index, and gives its path; `isWhole`: an index of all paths. */
function checkoutInto(git: Git, { sandbox, include, indexFolder }: GitWorkspaceOptions, store: ObjectStore) {
  let calls = 0;
  return async (commit: string, folder: string, isWhole: boolean): Promise<string> => {
    calls += 1;
    const index = join(indexFolder, `index-${process.pid}-${calls}`);
    await mkdir(indexFolder, { recursive: true });
    await Promise.all([rm(index, { force: true }), rm(`${index}.lock`, { force: true })]);
    if (isWhole) await store.copyIndex(commit, index);
    await git.run([...plainIndex, '-c', 'core.sparseCheckout=false', 'checkout', commit, '--', sandbox, ...include], {
      environment: { GIT_INDEX_FILE: index, GIT_WORK_TREE: folder },
    });
    return index;
  };
}

function missing(place: string, path: string | undefined): never {
  throw new WorkspaceError(`The editable file ${path} does not exist in ${place}`);
}

function decode(content: Buffer | undefined, path: string, commit: string): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(content);
  } catch (cause) {
    throw new WorkspaceError(`The editable file ${path} of commit ${commit} is not UTF-8 text`, {
      hint: 'Convert it to UTF-8 and commit it.',
      cause,
    });
  }
}

function contentHash(edit: readonly string[], blobs: readonly string[]): string {
  const lines = edit.map((path, index) => `${path}\0${blobs[index]}\n`).sort();
  return createHash('sha256').update(lines.join('')).digest('hex');
}

/** The id that git gives a blob of this text. */
function blobId(algorithm: string, text: string): string {
  const bytes = Buffer.from(text);
  return createHash(algorithm).update(`blob ${bytes.length}\0`).update(bytes).digest('hex');
}

function once<Result>(act: () => Promise<Result>): () => Promise<Result> {
  let known: Promise<Result> | undefined;
  return () => {
    known ??= act();
    return known;
  };
}

function withNewline(message: string): string {
  return message.endsWith('\n') ? message : `${message}\n`;
}
