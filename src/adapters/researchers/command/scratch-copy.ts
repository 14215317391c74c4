/**
 * A scratch copy of the sandbox for an agent to work in, and what it changed there.
 */
import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';

/** What an agent did: the editable files' new content, or the other files that it had no business changing. */
export type AgentChange =
  | { readonly kind: 'changed'; readonly files: Readonly<Record<string, string>> }
  | { readonly kind: 'unchanged' }
  | { readonly kind: 'elsewhere'; readonly paths: readonly string[] };

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
  /** Top-level names of the sandbox that the agent may leave behind. */
  readonly leavings: readonly string[];
  /** Fills the folder with the sandbox as of the commit. */
  readonly materialise: (folder: string) => Promise<void>;
}

const unwatched = new Set(['.git', '__pycache__', '.DS_Store']);

/** Makes the copy. */
export async function makeScratchCopy(options: ScratchOptions): Promise<ScratchCopy> {
  const { folder, edit, leavings } = options;
  const sandbox = join(folder, options.sandboxInRepository);
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  await options.materialise(folder);
  const ignored = new Set([...unwatched, ...leavings]);
  const before = await hashTree(folder, ignored);
  const editable = new Map(edit.map((file) => [join(sandbox, file).slice(folder.length + 1), file]));
  return {
    sandbox,
    findChange: async () => {
      const after = await hashTree(folder, ignored);
      const paths = [...new Set([...before.keys(), ...after.keys()])];
      const changed = paths.filter((path) => before.get(path) !== after.get(path));
      const elsewhere = changed.filter((path) => !editable.has(path) || !after.has(path));
      if (elsewhere.length > 0) return { kind: 'elsewhere', paths: elsewhere };
      if (changed.length === 0) return { kind: 'unchanged' };
      const files: Record<string, string> = {};
      for (const path of changed) files[editable.get(path) ?? path] = await readFile(join(folder, path), 'utf8');
      return { kind: 'changed', files };
    },
    remove: () => rm(folder, { recursive: true, force: true }),
  };
}

/** Path -> hash of each regular file; anything else (a link, a socket) counts as content of its own kind. */
async function hashTree(folder: string, ignored: ReadonlySet<string>, path = '', found = new Map<string, string>()) {
  for (const entry of await readdir(join(folder, path), { withFileTypes: true })) {
    if (ignored.has(entry.name)) continue;
    const below = join(path, entry.name);
    if (entry.isDirectory()) await hashTree(folder, ignored, below, found);
    else if (entry.isFile())
      found.set(
        below,
        createHash('sha256')
          .update(await readFile(join(folder, below)))
          .digest('hex'),
      );
    else found.set(below, 'special');
  }
  return found;
}
