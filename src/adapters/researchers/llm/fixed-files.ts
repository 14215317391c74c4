/**
 * The sandbox's fixed files as the model may read them: those of the study's first commit, from a copy of their own.
 *
 * Only tracked text files are on the list, so the model cannot read other files that the owner keeps in the folder.
 */
import { readdir, readFile, rm, stat } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import type { History } from '../../../core/journal/history.ts';
import type { Workspace } from '../../../ports/workspace.ts';
import type { FixedFiles } from './options.ts';

export interface FixedFilesOptions {
  readonly workspace: Workspace;
  /** A folder of our own to lay the copy out in, such as `runs/<tag>/reading`. */
  readonly folder: string;
  readonly sandboxInRepository: string;
  /** Told each text, before the model is. */
  readonly learn?: (text: string) => void;
}

const maxFiles = 200;
const maxBytes = 200_000;

/** Lays the copy out when it is first needed. */
export function createFixedFiles({ workspace, folder, sandboxInRepository, learn }: FixedFilesOptions): FixedFiles {
  const sandbox = join(folder, sandboxInRepository);
  let texts: Promise<ReadonlyMap<string, string>> | undefined;
  const load = (history: History) => {
    texts ??= layOut(workspace, folder, history.start).then(() => readTexts(sandbox, history.frozen.edit, learn));
    return texts;
  };
  return {
    list: async (history) => [...(await load(history)).keys()],
    read: async (history, path) => (await load(history)).get(path),
  };
}

async function layOut(workspace: Workspace, folder: string, start: string): Promise<void> {
  await rm(folder, { recursive: true, force: true });
  await workspace.materialise(start, folder);
}

async function readTexts(
  sandbox: string,
  edit: readonly string[],
  learn: FixedFilesOptions['learn'],
): Promise<ReadonlyMap<string, string>> {
  const texts = new Map<string, string>();
  const entries = await readdir(sandbox, { recursive: true, withFileTypes: true });
  const paths = entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
  for (const path of paths) {
    const name = relative(sandbox, path).split(sep).join('/');
    if (texts.size >= maxFiles || edit.includes(name) || (await stat(path)).size > maxBytes) continue;
    const text = await readFile(path, 'utf8');
    if (text.includes('\0')) continue;
    learn?.(text);
    texts.set(name, text);
  }
  return texts;
}
