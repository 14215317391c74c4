/**
 * An error as its owner reads it: one whole sentence, and what to do about it on the next line.
 */
import type { ResearchError } from '../core/errors.ts';

/** `nocturne: <sentence>`, then the hint. */
export function errorText({ message, hint }: ResearchError): string {
  return `nocturne: ${sentence(message)}${hint === undefined ? '' : `\n${hint}`}`;
}

/** What commander says of a flag or a command, in the same form. */
export function usageText(said: string): string {
  const [first = '', ...rest] = said
    .replace(/^error: /, '')
    .trimEnd()
    .split('\n');
  return `${[`nocturne: ${sentence(first)}`, ...rest].join('\n')}\n`;
}

/** Begins with a capital, unless its first word is a path or a flag, and ends as a sentence does. */
export function sentence(text: string): string {
  const begun = text.replace(/^[a-z]+(?=[ ,])/, (word) => word.charAt(0).toUpperCase() + word.slice(1));
  return begun.includes('\n') || /[.?!]$/.test(begun) ? begun : `${begun}.`;
}
