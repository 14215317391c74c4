/**
 * Whether a program prints a score on held-out data, as its text says: a look at a run then waits for it.
 */
import { importsOf } from './imports.ts';
import type { ProjectFile } from './project-files.ts';

/** A call that writes, or a text with values in it, that has the name of a held-out score and a place for its number. */
const report =
  /(?:\b(?:print|write|info|log|echo|println|format|printf)\w*\s*\(|\b[fF]["']).*?\b(?:val|valid|validation|test|eval|evaluation|dev|held.?out)(?:[ _/-](?:set|average|avg|mean))*[ _/-](?:loss|acc|accuracy|error|bpb|ppl|perplexity|auc|f1|mse|rmse|mae|score|return|reward)\w*["']?\s*(?:[:=|>({%]|\{)/i;

/** The file, of the script and the modules that it imports, that prints such a score; undefined where none does. */
export function printsHeldOut(script: string, files: readonly ProjectFile[]): string | undefined {
  return reachedFrom(script, files).find(({ text }) =>
    text
      .split('\n')
      .some((line) => line.length < maxLineCharacters && !/^\s*#|help\s*=/.test(line) && report.test(line)),
  )?.path;
}

const maxLineCharacters = 500;
const maxFiles = 50;

/** The script and what it imports of the project, in the order in which they are found. */
function reachedFrom(script: string, files: readonly ProjectFile[]): readonly ProjectFile[] {
  const byPath = new Map(files.map((file) => [file.path, file]));
  const queue = [script];
  const found: ProjectFile[] = [];
  const seen = new Set(queue);
  for (let at = 0; at < queue.length && found.length < maxFiles; at++) {
    const file = byPath.get(queue[at] ?? '');
    if (file === undefined) continue;
    found.push(file);
    for (const path of importsOf(file, byPath)) {
      if (seen.has(path)) continue;
      seen.add(path);
      queue.push(path);
    }
  }
  return found;
}
