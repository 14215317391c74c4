/**
 * Finds the knobs of a source, with the parser of the language that it is written in.
 */
import type { Constraint, Knob } from '../core/space/knob.ts';

export type KnobReading =
  | { readonly kind: 'read'; readonly knobs: readonly Knob[]; readonly constraints?: readonly Constraint[] }
  /** The source does not parse. */
  | { readonly kind: 'unreadable'; readonly reason: string };

export interface KnobReader {
  /**
   * The knobs of all files, in order of files and lines, and what they demand of their knobs together; files in languages that it does
   * not know have none. `beside` are fixed files, whose constants count in what is demanded.
   */
  readonly read: (
    files: Readonly<Record<string, string>>,
    beside?: Readonly<Record<string, string>>,
  ) => Promise<KnobReading>;
  /** Paths at which fixed files that these import may lie; absent where none is looked at. */
  readonly importsOf?: (files: Readonly<Record<string, string>>) => readonly string[];
}
