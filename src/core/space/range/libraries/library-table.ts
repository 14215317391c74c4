/**
 * The form of the tables of libraries' parameters: plain data, one file for each library.
 */

/** The parameters of some callees of a library. */
export interface LibraryGroup {
  /** A regular expression for the whole dotted name of the callee. */
  readonly of: string;
  readonly params: Readonly<Record<string, LibraryParam>>;
  /** Said of a parameter that the table lacks; without it the rules of thumb decide. */
  readonly othersLeft?: string;
}

/**
 * Ranges as a brief writes them, the first of which that suits the value counts; or why the parameter is left alone. A
 * value outside its range widens it, as far as `legal`, which is inclusive.
 */
export type LibraryParam =
  | string
  | { readonly ranges: readonly string[]; readonly legal?: readonly [number | null, number | null] }
  | { readonly left: string };

export interface LibraryTable {
  readonly library: string;
  /** The version that was read, and on which both ends of each range were tried. */
  readonly version: string;
  readonly source: string;
  readonly groups: readonly LibraryGroup[];
}

/** Parameters that are left alone, by name, all for one reason. */
export function leftParams(names: string, left: string): Readonly<Record<string, LibraryParam>> {
  return Object.fromEntries(names.split(' ').map((name) => [name, { left }]));
}
