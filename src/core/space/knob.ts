/**
 * Knobs: the values of the training code that a search may set, and their ranges.
 *
 * An adapter reads them out of Python source, which needs Python's own parser; this file has only their types.
 */

/** A value of a knob. A tuple has numbers only. */
export type KnobValue = number | boolean | string | readonly number[];

/** The type written in the source; an int literal stays an int, a float stays a float. */
export type KnobType = 'int' | 'float' | 'bool' | 'string' | 'tuple';

/** How a knob is written: each form is described in docs/space.md. */
export const knobForms = [
  'constant',
  'global',
  'flag',
  'field',
  'entry',
  'argument',
  'variable',
  'config',
  'declared',
] as const;
export type KnobForm = (typeof knobForms)[number];

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
  /** The text after `# space:` on its line: the range that the script's author gave it. */
  readonly annotation?: string;
  /** Absent for a constant in capitals at top level. */
  readonly form?: KnobForm;
  /** Dotted name of the callee or class that the value belongs to, import aliases resolved: `torch.optim.AdamW`. */
  readonly of?: string;
  /** The values that the script itself accepts. */
  readonly choices?: readonly KnobValue[];
  /** The lowest and the highest value that the script itself accepts, inclusive; null where it has no such bound. */
  readonly bounds?: readonly [number | null, number | null];
  /** Why setting it does nothing, or is not the method's, as the end of a sentence; it is then searched only in a declared range. */
  readonly still?: string;
}

/** Numbers on an even or logarithmic scale. Bounds are inclusive; with `zero`, 0 is one more value, usually "off". */
export type ScaleRange = {
  readonly kind: 'int' | 'float';
  readonly low: number;
  readonly high: number;
  readonly log: boolean;
  readonly zero: boolean;
};
/** Powers of two from low to high, which are powers of two themselves. */
export type PowerRange = { readonly kind: 'power-of-two'; readonly low: number; readonly high: number };
/** A few values, in no order. */
export type ChoiceRange = { readonly kind: 'choice'; readonly values: readonly KnobValue[] };

/** The values that a number may take; a choice of one value keeps it fixed. */
export type ItemRange = ScaleRange | PowerRange | ChoiceRange;
/** The values that a knob may take; a tuple has a range for each item, which vary independently. */
export type Range = ItemRange | { readonly kind: 'tuple'; readonly items: readonly ItemRange[] };

/** What the value of another knob must be for this knob to have an effect. */
export type Condition = { readonly knob: string; readonly file: string } & (
  | { readonly kind: 'one-of' | 'none-of'; readonly values: readonly KnobValue[] }
  | { readonly kind: 'compare'; readonly sign: '<' | '<=' | '>' | '>='; readonly bound: number }
);

/** A knob in an expression. */
export interface KnobTerm {
  readonly knob: string;
  readonly file: string;
}
/** A number, a knob, or an operation on such (`constraint/expression.ts`). A comparison is 1 or 0. */
export type Expression = number | KnobTerm | Operation;
export interface Operation {
  readonly operator: string;
  readonly of: readonly Expression[];
}

/** What the script demands of its knobs together, or it ends before it trains. */
export interface Constraint {
  readonly file: string;
  /** From 1. */
  readonly line: number;
  /** As it stands in the script: `assert A % B == 0`, or `if A % B` of what ends the script. */
  readonly text: string;
  /** What must be other than 0. */
  readonly holds: Expression;
  /** Whether every name was followed to a knob, rather than taken for the one knob of that name. */
  readonly isSure: boolean;
}

/** How far first draws go from the present value: standard deviations of its natural logarithm, below and above. */
export interface Spread {
  readonly down: number;
  readonly up: number;
}

/** A knob and the range in which it is searched. */
export interface Dimension {
  readonly knob: Knob;
  readonly range: Range;
  /** The knob is varied only where all of these hold; absent when it always is. */
  readonly when?: readonly Condition[];
  /** Draws begin near the present value; absent where the owner or the author declared the range, or no rule says how near. */
  readonly spread?: Spread;
  /** What the script demands of this knob and others together; absent where it demands nothing. */
  readonly constraints?: readonly Constraint[];
}

/** All knobs that a search researcher may set, in source order. */
export type Space = readonly Dimension[];

/** The files an experiment may change, as text, with the knobs found in them. */
export interface Source {
  /** Path relative to the sandbox -> content. */
  readonly files: Readonly<Record<string, string>>;
  readonly knobs: readonly Knob[];
  /** What the script demands of its knobs together, as it was read. */
  readonly constraints?: readonly Constraint[];
}

/** Whether two knob values are equal, tuples by their items. */
export function sameValue(a: KnobValue, b: KnobValue): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}
