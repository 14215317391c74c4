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
import { removeTree } from '../../files/remove-tree.ts';
import { viewOf } from '../../notebooks/notebook-view.ts';

/** What an agent changed: the editable files' new content, or the other files, which it may not change. */
export type AgentChange =
  | { readonly kind: 'changed'; readonly files: Readonly<Record<string, string>> }
  | { readonly kind: 'unchanged' }
  | { readonly kind: 'elsewhere'; readonly paths: readonly string[] }
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
}

/** Names that are not compared, in any folder. */
const unwatched = new Set(['.git', '__pycache__', '.DS_Store']);
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
  return {
    sandbox,
    findChange: async () => {
      const after = await describeTree(folder, isIgnored);
      const paths = [...new Set([...before.keys(), ...after.keys()])].sort();
      const changed = paths.filter((path) => before.get(path) !== after.get(path));
      const elsewhere = changed.filter((path) => !editable.has(path) || !isFile(after.get(path)));
      if (elsewhere.length > 0) return { kind: 'elsewhere', paths: elsewhere };
      if (changed.length === 0) return { kind: 'unchanged' };
      return readChanged(folder, new Map(changed.map((path) => [path, editable.get(path) ?? path])));
    },
    remove: () => removeTree(folder),
  };
}

/** Makes the copy a repository: an agent that looks for its repository would else find the owner's and work there. */
async function makeRepositoryTop(folder: string): Promise<void> {
  const git = join(folder, '.git');
  for (const part of ['objects', 'refs']) await mkdir(join(git, part), { recursive: true });
  await writeFile(join(git, 'HEAD'), 'ref: refs/heads/main\n');
}

async function readChanged(folder: string, changed: ReadonlyMap<string, string>): Promise<AgentChange> {
  const files: Record<string, string> = {};
  for (const [path, file] of changed) {
    const { size } = await lstat(join(folder, path));
    if (size > maxBytes) return { kind: 'unusable', reason: `${file} has ${size} bytes; the most is ${maxBytes}` };
    const content = decode(await readFile(join(folder, path)));
    if (content === undefined) return { kind: 'unusable', reason: `${file} is not UTF-8 text` };
    files[file] = viewOf(file, content);
  }
  return { kind: 'changed', files };
}

function decode(content: Buffer): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(content);
  } catch {
    return undefined;
  }
}

/** Path -> what is there, a file with its hash; a folder is only in it when it cannot be read. */
async function describeTree(
  folder: string,
  isIgnored: (path: string) => boolean,
  path = '',
  found = new Map<string, string>(),
): Promise<Map<string, string>> {
  const entries = await readdir(join(folder, path), { withFileTypes: true }).catch(() => undefined);
  if (!entries) return found.set(path || '.', 'unreadable');
  for (const entry of entries) {
    const below = join(path, entry.name);
    if (isIgnored(join(folder, below))) continue;
    if (entry.isDirectory()) await describeTree(folder, isIgnored, below, found);
    else if (entry.isFile()) found.set(below, await hashFile(join(folder, below)));
    else found.set(below, entry.isSymbolicLink() ? `link ${await readlink(join(folder, below))}` : 'special');
  }
  return found;
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
