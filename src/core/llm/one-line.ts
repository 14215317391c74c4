/**
 * A text of a model or of the harness within one line of what a model reads.
 */
import { plainLine } from '../base/plain-text.ts';

/** A text that a model once wrote, on one line of at most `max` characters. */
export function oneLine(text: string, max: number): string {
  const line = plainLine(text);
  return line.length <= max ? line : `${line.slice(0, max - 1)}…`;
}
