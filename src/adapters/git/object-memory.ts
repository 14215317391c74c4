/**
 * The objects of a repository that were read or made lately: what the full id of a commit leads to is the same for ever.
 */
import type { Git } from './git.ts';
import { readObjects } from './tree.ts';

export interface ObjectMemory {
  /** The bytes of the objects, in the order asked; undefined for what does not exist. Names begin with a commit's full id. */
  readonly read: (names: readonly string[]) => Promise<readonly (Buffer | undefined)[]>;
  /** Remembers what was made. */
  readonly note: (name: string, content: Buffer) => void;
  /** What is remembered of it. */
  readonly known: (name: string) => Buffer | undefined;
}

const maxBytes = 1 << 23;

/** An empty memory, which forgets the oldest beyond 8 MiB. */
export function createObjectMemory(git: Git): ObjectMemory {
  const contents = new Map<string, Buffer>();
  let bytes = 0;
  const note = (name: string, content: Buffer) => {
    if (contents.has(name)) return;
    contents.set(name, content);
    bytes += content.length;
    for (const [oldest, { length }] of contents) {
      if (bytes <= maxBytes) break;
      contents.delete(oldest);
      bytes -= length;
    }
  };
  return {
    note,
    known: (name) => contents.get(name),
    read: async (names) => {
      const found = new Map(names.map((name) => [name, contents.get(name)]));
      const missing = [...found.keys()].filter((name) => found.get(name) === undefined);
      const read = missing.length === 0 ? [] : await readObjects(git, missing);
      for (const [index, name] of missing.entries()) {
        const content = read[index];
        found.set(name, content);
        if (content) note(name, content);
      }
      return names.map((name) => found.get(name));
    },
  };
}
