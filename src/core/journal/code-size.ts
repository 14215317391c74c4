/**
 * How much code there is in the editable files: what is left without blank lines and comments.
 *
 * Characters are counted as well as lines, so that joining lines does not count as simpler code.
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

/**
 * The line without white space, nor a comment behind code unless a quote follows: a string may hold the comment's sign.
 */
function codeOf(line: string): string {
  const trimmed = line.trim();
  if (/^(#|\/\/)/.test(trimmed)) return '';
  const behind = trimmed.replace(/\s(#|\/\/)[^'"]*$/, '');
  return behind.replace(/\s+/g, '');
}

/** Lines that code must lose to count as clearly less. */
const minLinesLost = 3;
/** Share of its lines, and of its characters, that code must lose to count as clearly less. */
const minShareLost = 0.01;

/** Whether `after` is clearly less code: at least 3 lines, 1 % of the lines and 1 % of the characters fewer. */
export function isClearlyLess(after: CodeSize, before: CodeSize): boolean {
  const fewerLines = before.lines - after.lines;
  const fewerCharacters = before.characters - after.characters;
  return (
    fewerLines >= Math.max(minLinesLost, minShareLost * before.lines) &&
    fewerCharacters >= minShareLost * before.characters
  );
}
