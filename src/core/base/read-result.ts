/**
 * What a reader makes of something raw: a value, or what it expected instead.
 *
 * Readers return a refusal and never throw, so that the caller, who knows the file and the line, writes the one sentence.
 */
import { BriefError } from './errors.ts';

/** A value was not what was expected. */
export interface Refusal {
  readonly kind: 'refused';
  /** What it must be, as the end of "must be …". */
  readonly expected: string;
  /** The part that is wrong, when it is smaller than the whole value. */
  readonly found?: string | undefined;
  readonly hint?: string | undefined;
}

export type ReadResult<Value> = { readonly kind: 'read'; readonly value: Value } | Refusal;

/** A value that was read. */
export function read<Value>(value: Value): ReadResult<Value> {
  return { kind: 'read', value };
}

/** A refusal that says what was expected, and optionally what was found and how to mend it. */
export function refuse(
  expected: string,
  details: { found?: string | undefined; hint?: string | undefined } = {},
): Refusal {
  return { kind: 'refused', expected, ...details };
}

/** The refusal as one sentence about `subject`, such as "program.md line 7: `goal`". */
export function refusalError(subject: string, refusal: Refusal, whole: string): BriefError {
  const message = `${subject} must be ${refusal.expected}, found ${quoted(refusal.found ?? whole)}`;
  return refusal.hint === undefined ? new BriefError(message) : new BriefError(message, { hint: refusal.hint });
}

const maxQuoteCharacters = 60;

/** Source text as it stands inside a sentence: on one line, not too long, and visible even when it is empty. */
export function quoted(text: string): string {
  if (text === '') return 'nothing';
  const line = text.replace(/\r?\n/g, '\\n');
  const short = line.length > maxQuoteCharacters ? `${line.slice(0, maxQuoteCharacters - 1)}…` : line;
  return short.includes('`') ? `"${short}"` : `\`${short}\``;
}
