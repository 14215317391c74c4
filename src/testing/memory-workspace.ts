/**
 * The workspace of a study without git: commits and refs in two maps, hashes that depend on content alone.
 *
 * Only `materialise` touches the disk, since a run needs real files.
 */
import { createHash } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join, posix } from 'node:path';
import { createTwoFilesPatch } from 'diff';
import { ok, WorkspaceError } from '../core/base/errors.ts';
import type { Candidate, ContenderRequest, Workspace } from '../ports/workspace.ts';

type Files = Readonly<Record<string, string>>;

export interface MemoryCommit {
  readonly parent: string | undefined;
  readonly tree: string;
  readonly message: string;
  readonly date: string;
}

export interface MemoryWorkspace extends Workspace {
  /** The commit of the files that were given. */
  readonly start: string;
  readonly commits: ReadonlyMap<string, MemoryCommit>;
  /** By full name, such as `refs/autoresearch/nov23/tip`; a test may move them as another program would. */
  readonly refs: Map<string, string>;
}

export interface MemoryWorkspaceOptions {
  /** Every file of the first commit, from the repository's top. */
  readonly files: Files;
  readonly sandbox: string;
  readonly edit: readonly string[];
  readonly include: readonly string[];
  readonly tag: string;
}

export function createMemoryWorkspace({ files, sandbox, edit, include, tag }: MemoryWorkspaceOptions): MemoryWorkspace {
  const trees = new Map<string, Files>();
  const commits = new Map<string, MemoryCommit>();
  const refs = new Map<string, string>();
  const tip = `refs/autoresearch/${tag}/tip`;
  const branch = `refs/heads/autoresearch/${tag}`;
  const attempt = (experiment: number) => `refs/autoresearch/${tag}/${String(experiment).padStart(4, '0')}`;
  const inRepository = (path: string) => posix.join(sandbox, path);

  const addTree = (content: Files): string => add(trees, content, Object.entries(content).sort());
  const addCommit = (commit: MemoryCommit): string => add(commits, commit, commit);
  const filesOf = (commit: string): Files => trees.get(commits.get(commit)?.tree ?? '') ?? noSuchCommit(commit);
  const read = (commit: string): Record<string, string> => {
    const content = filesOf(commit);
    return Object.fromEntries(edit.map((path) => [path, content[inRepository(path)] ?? missing(path, commit)]));
  };
  const identify = (content: Files): string => hash(edit.map((path) => [path, content[path] ?? missing(path, 'it')]));
  type FilesRequest = Omit<ContenderRequest, 'confirmation' | 'contender'>;
  const commitFiles = (ref: string, { parent, message, date, files: replaced }: FilesRequest): Candidate => {
    const unknown = Object.keys(replaced).find((path) => !edit.includes(path));
    ok(unknown === undefined, `a candidate changes editable files only, not ${unknown}`);
    const renamed = Object.entries(replaced).map(([path, content]) => [inRepository(path), content]);
    const tree = addTree({ ...filesOf(parent), ...Object.fromEntries(renamed) });
    const commit = addCommit({ parent, tree, message, date });
    refs.set(ref, commit);
    return { commit, tree, content: identify(read(commit)) };
  };
  const start = addCommit({
    parent: undefined,
    tree: addTree(files),
    message: 'start\n',
    date: '2024-01-01T00:00:00Z',
  });

  return {
    start,
    commits,
    refs,

    read: async (commit) => read(commit),

    readBeside: async (commit, paths) => {
      const all = filesOf(commit);
      const texts = paths.flatMap((path) => {
        const text = all[inRepository(path)];
        return text === undefined ? [] : [[path, text] as const];
      });
      return Object.fromEntries(texts);
    },

    identify: async (content) => identify(content),

    mentions: async (commit, texts, where = 'sandbox') => {
      const folders = where === 'run' ? [sandbox, ...include] : [sandbox];
      return Object.entries(filesOf(commit)).some(
        ([path, content]) =>
          folders.some((folder) => isWithin(path, folder)) && texts.some((text) => content.includes(text)),
      );
    },

    commitCandidate: async ({ experiment, ...request }) => commitFiles(attempt(experiment), request),

    commitContender: async ({ confirmation, contender, ...request }) =>
      commitFiles(`refs/autoresearch/${tag}/confirm-${confirmation}/${contender}`, request),

    adoptStart: async (commit) => {
      const content = identify(read(commit));
      const own = [attempt(0), tip, branch];
      for (const [name, found] of refs) {
        if (found !== commit || !own.includes(name)) throw new WorkspaceError(`The tag ${tag} is taken: ${name}`);
      }
      for (const name of own) refs.set(name, commit);
      return { commit, tree: commits.get(commit)?.tree ?? '', content };
    },

    commitKeep: async ({ parent, tree, message, date }) => addCommit({ parent, tree, message, date }),

    moveBranch: async (from, to) => {
      for (const name of [tip, branch]) {
        const found = refs.get(name);
        if (found !== from && found !== to) throw new WorkspaceError(`${name} is at ${found}, expected ${from}`);
      }
      for (const name of [tip, branch]) refs.set(name, to);
    },

    materialise: async (commit, folder) => {
      const wanted = [sandbox, ...include];
      for (const [path, content] of Object.entries(filesOf(commit))) {
        if (!wanted.some((top) => isWithin(path, top))) continue;
        await mkdir(dirname(join(folder, path)), { recursive: true });
        await writeFile(join(folder, path), content);
      }
    },

    diff: async (from, to) => {
      const [before, after] = [read(from), read(to)];
      const changed = edit.filter((path) => before[path] !== after[path]);
      return changed.map((path) => unifiedDiff(inRepository(path), before[path] ?? '', after[path] ?? '')).join('');
    },
  };
}

function unifiedDiff(path: string, before: string, after: string): string {
  const patch = createTwoFilesPatch(`a/${path}`, `b/${path}`, before, after, '', '', { context: 3 });
  return patch.replace(/^=+\n/, `diff --git a/${path} b/${path}\n`);
}

function isWithin(path: string, top: string): boolean {
  const folder = posix.normalize(top).replace(/\/$/, '');
  return folder === '.' || path === folder || path.startsWith(`${folder}/`);
}

function add<Value>(store: Map<string, Value>, value: Value, identity: unknown): string {
  const id = hash(identity);
  store.set(id, value);
  return id;
}

/** 40 hexadecimal digits, like a hash of git. */
function hash(value: unknown): string {
  return createHash('sha1').update(JSON.stringify(value)).digest('hex');
}

function missing(path: string, place: string): never {
  throw new WorkspaceError(`The editable file ${path} does not exist in ${place}`);
}

function noSuchCommit(commit: string): never {
  throw new WorkspaceError(`There is no commit ${commit}`);
}
