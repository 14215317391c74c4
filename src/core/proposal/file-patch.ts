/**
 * The unified diff between two versions of the editable files.
 */
import { createTwoFilesPatch, FILE_HEADERS_ONLY } from 'diff';

type Files = Readonly<Record<string, string>>;

/** One patch over all files that differ, with `a/` and `b/` paths as git writes them; empty when none does. */
export function createFilesPatch(before: Files, after: Files): string {
  return Object.keys(after)
    .filter((file) => before[file] !== after[file])
    .map((file) => patchOf(file, before[file] ?? '', after[file] ?? ''))
    .join('');
}

function patchOf(file: string, before: string, after: string): string {
  // Without the row of `=` that the library begins with, and git does not.
  const options = { context: 3, headerOptions: FILE_HEADERS_ONLY };
  const patch = createTwoFilesPatch(`a/${file}`, `b/${file}`, before, after, undefined, undefined, options);
  return `diff --git a/${file} b/${file}\n${patch}`;
}
