/**
 * An error as its owner reads it: one whole sentence, and what to do about it on the next line.
 */
import type { ResearchError } from '../../core/base/errors.ts';

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
  return `${[`nocturne: ${sentence(capitalised(first))}`, ...rest].join('\n')}\n`;
}

/** Begins with a capital. */
export function capitalised(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** Ends as a sentence does; a message that goes on with a log is left as it is. */
export function sentence(text: string): string {
  return text.includes('\n') || /[.?!]$/.test(text) ? text : `${text}.`;
}
