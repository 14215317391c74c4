/**
 * The unified diff between two versions of the editable files.
 */
import { createTwoFilesPatch } from 'diff';

type Files = Readonly<Record<string, string>>;

/** One patch over all files that differ, with `a/` and `b/` paths as git writes them; empty when none does. */
export function createFilesPatch(before: Files, after: Files): string {
  return Object.keys(after)
    .filter((file) => before[file] !== after[file])
    .map((file) => patchOf(file, before[file] ?? '', after[file] ?? ''))
    .join('');
}

function patchOf(file: string, before: string, after: string): string {
  const patch = createTwoFilesPatch(`a/${file}`, `b/${file}`, before, after, '', '', { context: 3 });
  // The library underlines each file with a row of `=`, which git does not know.
  return `diff --git a/${file} b/${file}\n${patch.replace(/^=+\n/, '').replace(/\t$/gm, '')}`;
}
