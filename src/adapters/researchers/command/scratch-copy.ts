/**
 * A scratch copy of the sandbox for an agent to work in, and what it changed there.
 *
 * Whatever an agent leaves is data: a link, a pipe, an unreadable folder or a file of gigabytes gives a reason, never
 * an exception, and no link that the agent made is followed.
 */
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { lstat, mkdir, readdir, readFile, readlink, writeFile } from 'node:fs/promises';
import { basename, join, relative } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { keepFileForm } from '../../../core/edits/keep-file-form.ts';
import { removeTree } from '../../files/remove-tree.ts';
import { viewOf } from '../../notebooks/notebook-view.ts';

/** What an agent changed: the editable files' new content, or the other files, which it may not change. */
export type AgentChange =
  | { readonly kind: 'changed'; readonly files: Readonly<Record<string, string>> }
  | { readonly kind: 'unchanged' }
  | { readonly kind: 'elsewhere'; readonly changed: readonly string[]; readonly added: readonly string[] }
  /** An editable file that is too large, or not UTF-8 text. */
  | { readonly kind: 'unusable'; readonly reason: string };

export interface ScratchCopy {
  /** Absolute path of the sandbox in the copy. */
  readonly sandbox: string;
  readonly findChange: () => Promise<AgentChange>;
  readonly remove: () => Promise<void>;
}

export interface ScratchOptions {
  /** Absolute folder for the copy; emptied first. */
  readonly folder: string;
  /** The sandbox's path in the copy, `.` for the copy itself. */
  readonly sandboxInRepository: string;
  readonly edit: readonly string[];
  /** Names at the top of the sandbox that the agent may leave behind; `.x` stands for `.x.log` too. */
  readonly leftovers: readonly string[];
  /** Fills the folder with the sandbox as of the commit. */
  readonly materialise: (folder: string) => Promise<void>;
  /** Which of these paths of the copy git ignores. */
  readonly findIgnored?: ((folder: string, paths: readonly string[]) => Promise<readonly string[]>) | undefined;
  /** Absolute folders, laid out like the copy, in which runs of the same script have ended. */
  readonly runTrees?: readonly string[] | undefined;
}

/** Names that are not compared, in any folder. */
const unwatched = new Set(['.git', '__pycache__', '.DS_Store']);
/** Where karpathy's own agents keep what they see; they may be missing in `.gitignore`. */
const ownLogs = ['run.log', 'results.tsv'];
/** Limit of an editable file. */
const maxBytes = 1 << 20;

/** Makes the copy. */
export async function makeScratchCopy(options: ScratchOptions): Promise<ScratchCopy> {
  const { folder, edit, leftovers } = options;
  const sandbox = join(folder, options.sandboxInRepository);
  await removeTree(folder);
  await mkdir(folder, { recursive: true });
  await options.materialise(folder);
  await makeRepositoryTop(folder);
  const isIgnored = (path: string) => {
    const name = basename(path);
    if (unwatched.has(name)) return true;
    const inSandbox = relative(sandbox, path);
    return inSandbox === name && leftovers.some((leftover) => name === leftover || name.startsWith(`${leftover}.`));
  };
  const before = await describeTree(folder, isIgnored);
  const editable = new Map(edit.map((file) => [relative(folder, join(sandbox, file)), file]));
  const originals = await readOriginals(folder, editable);
  return {
    sandbox,
    findChange: async () => {
      const after = await describeTree(folder, isIgnored, before);
      const paths = [...new Set([...before.keys(), ...after.keys()])].sort();
      const differing = paths.filter((path) => before.get(path) !== after.get(path));
      const outside = differing.filter((path) => !editable.has(path) || !isFile(after.get(path)));
      const leavings = await findLeavings({
        ...options,
        before,
        after,
        paths: outside.filter((path) => !editable.has(path)),
      });
      const elsewhere = outside.filter((path) => !leavings.has(path));
      if (elsewhere.length > 0) {
        const [changed, added] = [
          elsewhere.filter((path) => before.has(path)),
          elsewhere.filter((path) => !before.has(path)),
        ];
        return { kind: 'elsewhere', changed, added };
      }
      const edited = differing.filter((path) => editable.has(path) && !leavings.has(path));
      return readChanged(folder, new Map(edited.map((path) => [path, editable.get(path) ?? path])), originals);
    },
    remove: () => removeTree(folder),
  };
}

interface Differences extends ScratchOptions {
  readonly before: Tree;
  readonly after: Tree;
  /** What differs, and is not an editable file's. */
  readonly paths: readonly string[];
}

/** The paths that differ because the agent ran the script: what git ignores, and what runs of the script leave too. */
async function findLeavings({
  folder,
  sandboxInRepository,
  before,
  after,
  paths,
  ...options
}: Differences): Promise<Set<string>> {
  const { findIgnored = async () => [], runTrees = [] } = options;
  const added = paths.filter((path) => !before.has(path));
  const logs = ownLogs.map((name) => join(sandboxInRepository, name));
  const found = new Set([...(await findIgnored(folder, added)), ...paths.filter((path) => logs.includes(path))]);
  for (const tree of runTrees) {
    for (const path of paths) if (after.has(path) && (await isLeftIn(tree, path, before))) found.add(path);
  }
  return found;
}

/** Whether a run left something else there than it found, or in a folder of its own that holds the path. */
async function isLeftIn(tree: string, path: string, before: Tree): Promise<boolean> {
  if (before.has(path)) {
    const left = await describeEntry(tree, path);
    return left !== undefined && left !== before.get(path);
  }
  const known = new Set([...before.keys()].flatMap(foldersOf));
  const newest = [...foldersOf(path).filter((folder) => !known.has(folder)), path][0] ?? path;
  return (await lstat(join(tree, newest)).catch(() => undefined)) !== undefined;
}

/** The folders on the way to a path, the topmost first. */
function foldersOf(path: string): string[] {
  const names = path.split('/').slice(0, -1);
  return names.map((_, index) => names.slice(0, index + 1).join('/'));
}

/** Makes the copy a repository: an agent that looks for its repository would else find the owner's and work there. */
async function makeRepositoryTop(folder: string): Promise<void> {
  const git = join(folder, '.git');
  for (const part of ['objects', 'refs']) await mkdir(join(git, part), { recursive: true });
  await writeFile(join(git, 'HEAD'), 'ref: refs/heads/main\n');
}

async function readOriginals(
  folder: string,
  editable: ReadonlyMap<string, string>,
): Promise<ReadonlyMap<string, string>> {
  const found = new Map<string, string>();
  for (const path of editable.keys()) {
    const content = decode(await readFile(join(folder, path)).catch(() => Buffer.alloc(0)));
    if (content !== undefined) found.set(path, content);
  }
  return found;
}

async function readChanged(
  folder: string,
  changed: ReadonlyMap<string, string>,
  originals: ReadonlyMap<string, string>,
): Promise<AgentChange> {
  const files: Record<string, string> = {};
  for (const [path, file] of changed) {
    const { size } = await lstat(join(folder, path));
    if (size > maxBytes) return { kind: 'unusable', reason: `${file} has ${size} bytes; the most is ${maxBytes}` };
    const content = decode(await readFile(join(folder, path)));
    if (content === undefined) return { kind: 'unusable', reason: `${file} is not UTF-8 text` };
    const original = originals.get(path) ?? '';
    const kept = keepFileForm(original, content);
    if (kept !== original) files[file] = viewOf(file, kept);
  }
  return Object.keys(files).length === 0 ? { kind: 'unchanged' } : { kind: 'changed', files };
}

function decode(content: Buffer): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(content);
  } catch {
    return undefined;
  }
}

/** Path -> what is there, a file with its hash; a folder is only in it when it cannot be read. */
type Tree = ReadonlyMap<string, string>;

/** What is in a folder; of a file that `known` does not have, which may be large, no hash is taken. */
async function describeTree(
  folder: string,
  isIgnored: (path: string) => boolean,
  known?: Tree,
  path = '',
  found = new Map<string, string>(),
): Promise<Map<string, string>> {
  const entries = await readdir(join(folder, path), { withFileTypes: true }).catch(() => undefined);
  if (!entries) return found.set(path || '.', 'unreadable');
  for (const entry of entries) {
    const below = join(path, entry.name);
    if (isIgnored(join(folder, below))) continue;
    if (entry.isDirectory()) await describeTree(folder, isIgnored, known, below, found);
    else if (entry.isFile() && known?.has(below) === false) found.set(below, 'file of its own');
    else found.set(below, (await describeEntry(folder, below)) ?? 'unreadable');
  }
  return found;
}

/** What is at a path, if it is there. */
async function describeEntry(folder: string, path: string): Promise<string | undefined> {
  const entry = await lstat(join(folder, path)).catch(() => undefined);
  if (entry?.isFile()) return hashFile(join(folder, path));
  return entry && (entry.isSymbolicLink() ? `link ${await readlink(join(folder, path))}` : 'special');
}

async function hashFile(path: string): Promise<string> {
  const hash = createHash('sha256');
  return pipeline(createReadStream(path), hash).then(
    () => `file ${hash.digest('hex')}`,
    () => 'unreadable',
  );
}

function isFile(description: string | undefined): boolean {
  return description?.startsWith('file ') === true;
}
