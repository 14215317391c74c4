/**
 * Knobs: the `ALL_CAPS = <constant expression>` lines of an editable file, their values and their ranges.
 *
 * Reading them out of Python source is an adapter's work (it needs Python's own parser); this file only knows the shapes.
 */

/** What a knob can be set to. A tuple is one of numbers only. */
export type KnobValue = number | boolean | string | readonly number[];

/** The type written in the source; an int literal stays an int, a float stays a float. */
export type KnobType = 'int' | 'float' | 'bool' | 'string' | 'tuple';

/** One knob as it stands in the source. */
export interface Knob {
  readonly name: string;
  /** Path of the file, relative to the sandbox. */
  readonly file: string;
  readonly type: KnobType;
  readonly value: KnobValue;
  /** The literal's exact text, such as `2**19` or `1e-3`. */
  readonly text: string;
  /** Byte offsets of the literal in the file's UTF-8 source: [start, end). */
  readonly span: readonly [number, number];
  /** What its line says after `# space:`, the range that the script's author gave it. */
  readonly annotation?: string;
}

/** Numbers that lie on a scale. Bounds are inclusive; with `zero`, 0 is a further value, usually "off". */
export type ScaleRange = {
  readonly kind: 'int' | 'float';
  readonly low: number;
  readonly high: number;
  readonly log: boolean;
  readonly zero: boolean;
};
/** Whole powers of two between low and high, themselves powers of two. */
export type PowerRange = { readonly kind: 'power-of-two'; readonly low: number; readonly high: number };
/** A few values, in no order. */
export type ChoiceRange = { readonly kind: 'choice'; readonly values: readonly KnobValue[] };

/** The values a number may take; a choice of one holds it still. */
export type ItemRange = ScaleRange | PowerRange | ChoiceRange;
/** The values a knob may take; a tuple with a range for each item varies the items one by one. */
export type Range = ItemRange | { readonly kind: 'tuple'; readonly items: readonly ItemRange[] };

/** What another knob must be, for a knob to matter. */
export type Condition = { readonly knob: string; readonly file: string } & (
  | { readonly kind: 'one-of' | 'none-of'; readonly values: readonly KnobValue[] }
  | { readonly kind: 'compare'; readonly sign: '<' | '<=' | '>' | '>='; readonly bound: number }
);

/** A knob together with where it may go. */
export interface Dimension {
  readonly knob: Knob;
  readonly range: Range;
  /** It is varied only where all of these hold; absent when it always is. */
  readonly when?: readonly Condition[];
}

/** Everything a search researcher may turn, in source order. */
export type Space = readonly Dimension[];

/** The files an experiment may change, as text, with the knobs found in them. */
export interface Source {
  /** Path relative to the sandbox -> content. */
  readonly files: Readonly<Record<string, string>>;
  readonly knobs: readonly Knob[];
}

/** Whether two knob values are the same setting. */
export function sameValue(a: KnobValue, b: KnobValue): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}
