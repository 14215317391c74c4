/**
 * The folder in a scratch copy from which an agent reads more of the study; nothing that it does there counts.
 */
import { chmod, mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { removeTree } from '../../files/remove-tree.ts';

/** Its name, at the top of the sandbox. */
export const notesName = '.nocturne';

/** Writes these files, path in the folder -> text, for reading only. */
export async function writeNotes(sandbox: string, files: Readonly<Record<string, string>>): Promise<void> {
  const folder = join(sandbox, notesName);
  await removeTree(folder);
  const folders = new Set<string>([folder]);
  for (const [path, text] of Object.entries(files)) {
    const target = join(folder, path);
    await mkdir(dirname(target), { recursive: true });
    await writeFile(target, text, { mode: 0o444 });
    for (let parent = dirname(target); parent !== folder; parent = dirname(parent)) folders.add(parent);
  }
  // From the deepest up: a folder that may not be written to takes no new one.
  const deepestFirst = [...folders].sort((a, b) => b.length - a.length);
  for (const each of deepestFirst) await chmod(each, 0o555).catch(() => undefined);
}
