/**
 * What a reader found in a run's output: the metric's number, or why there is none.
 */
import type { PrintedNumber } from '../base/strict-number.ts';

/** There is no number; the reason quotes what the output says, and `line` is where it says so. */
export interface NotFound {
  readonly reason: string;
  readonly line?: string;
  /** What stands where a number should. */
  readonly said?: string;
}

export type Found = PrintedNumber | NotFound;

/** Whether it is the reason why there is no number. */
export function isNotFound(found: Found): found is NotFound {
  return 'reason' in found;
}

/** For a report whose value is not plainly one finite number. */
export function notANumber(name: string, text: string, line?: string): NotFound {
  if (text === '' && line !== undefined)
    return { reason: `${name} is printed without a number: ${quoted(line)}`, line, said: text };
  const reason = `${name} is not a finite number: ${quoted(text)}`;
  return line === undefined ? { reason, said: text } : { reason, line, said: text };
}

function quoted(text: string): string {
  return JSON.stringify(text.trim().slice(0, 40));
}
