/**
 * One thing that `nocturne doctor` found.
 */
import { ResearchError } from '../../core/base/errors.ts';
import { sentence } from '../terminal/error-text.ts';

export interface Finding {
  readonly name: string;
  readonly state: 'ok' | 'note' | 'problem';
  readonly text: string;
  readonly hint?: string;
}

/** Turns an error that the owner can mend into a finding; a bug is rethrown. */
export function asProblem(name: string): (error: unknown) => Finding {
  return (error) => {
    if (!(error instanceof ResearchError)) throw error;
    const text = sentence(error.message);
    return { name, state: 'problem', text, ...(error.hint === undefined ? {} : { hint: error.hint }) };
  };
}

export function isFinding(value: object): value is Finding {
  return 'state' in value;
}
