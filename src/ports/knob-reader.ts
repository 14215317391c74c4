/**
 * Finds the knobs of a source, with the parser of the language that it is written in.
 */
import type { Knob } from '../core/space/knob.ts';

export type KnobReading =
  | { readonly kind: 'read'; readonly knobs: readonly Knob[] }
  /** The source does not parse. */
  | { readonly kind: 'unreadable'; readonly reason: string };

export interface KnobReader {
  /** The knobs of all files, in order of files and lines; files in languages that it does not know have none. */
  readonly read: (files: Readonly<Record<string, string>>) => Promise<KnobReading>;
}
