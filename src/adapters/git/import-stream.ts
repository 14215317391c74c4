/**
 * One `git fast-import` per candidate: blobs, trees, commit and attempt ref in a single process, with no index.
 *
 * Only the paths named are replaced in the parent's root tree, each keeping its mode; no filter changes a byte.
 * https://git-scm.com/docs/git-fast-import
 */
import type { Git } from './git.ts';
import { gitDate, type Identity } from './identity.ts';

export interface ImportRequest {
  readonly ref: string;
  readonly parent: string;
  readonly message: string;
  readonly date: string;
  readonly identity: Identity;
  /** What replaces the parent's files, by path from the repository's top. */
  readonly replaced: readonly { readonly path: string; readonly mode: string; readonly content: string }[];
  /** The paths whose blob ids the result has. */
  readonly listed: readonly string[];
}

export interface Imported {
  readonly commit: string;
  readonly tree: string;
  /** The blobs of `listed`, in the same order. */
  readonly blobs: readonly string[];
}

/** Makes the commit and points the ref at it, wherever the ref pointed before. */
export async function importCommit(git: Git, request: ImportRequest): Promise<Imported> {
  const answer = await git.run(['fast-import', '--quiet', '--force', '--done', '--date-format=raw'], {
    input: stream(request),
  });
  const [commit = '', ...entries] = answer.split('\n');
  const [tree = '', ...blobs] = entries.map((entry) => entry.split(/[ \t]/)[2] ?? '');
  return { commit, tree, blobs: blobs.slice(0, request.listed.length) };
}

function stream({ ref, parent, message, date, identity, replaced, listed }: ImportRequest): string {
  const who = `${identity.name} <${identity.email}> ${gitDate(date)}`;
  return [
    'feature done',
    `commit ${ref}`,
    'mark :1',
    `author ${who}`,
    `committer ${who}`,
    data(message),
    `from ${parent}`,
    ...replaced.flatMap(({ path, mode, content }) => [`M ${mode} inline ${quoted(path)}`, data(content)]),
    'get-mark :1',
    'ls :1 ""',
    ...listed.map((path) => `ls :1 ${quoted(path)}`),
    'done\n',
  ].join('\n');
}

function data(text: string): string {
  return `data ${Buffer.byteLength(text)}\n${text}`;
}

function quoted(path: string): string {
  return `"${path.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n')}"`;
}
