/**
 * How much code there is in the editable files: what is left without blank lines and comments.
 *
 * Characters count beside lines, so that joining lines makes nothing simpler.
 */
import { z } from 'zod';

export const codeSizeSchema = z.object({ lines: z.number().int(), characters: z.number().int() });
/** Lines and characters of code, white space and whole-line comments not counted. */
export type CodeSize = z.infer<typeof codeSizeSchema>;

/** The size of these files together. */
export function codeSizeOf(files: Readonly<Record<string, string>>): CodeSize {
  const lines = Object.values(files).flatMap((text) => text.split(/\r\n|\n|\r/).map(codeOf));
  const code = lines.filter((line) => line !== '');
  return { lines: code.length, characters: code.reduce((sum, line) => sum + line.length, 0) };
}

/** The line without white space; a comment behind code goes as well where no quote could hold its sign. */
function codeOf(line: string): string {
  const trimmed = line.trim();
  if (/^(#|\/\/)/.test(trimmed)) return '';
  const behind = trimmed.replace(/\s(#|\/\/)[^'"]*$/, '');
  return behind.replace(/\s+/g, '');
}

const leastLines = 3;
const leastShare = 0.01;

/** Whether `after` is clearly less code: at least three lines and a hundredth of the code fewer, counted both ways. */
export function isClearlyLess(after: CodeSize, before: CodeSize): boolean {
  const fewerLines = before.lines - after.lines;
  const fewerCharacters = before.characters - after.characters;
  return (
    fewerLines >= Math.max(leastLines, leastShare * before.lines) && fewerCharacters >= leastShare * before.characters
  );
}
