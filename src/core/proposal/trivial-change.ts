/**
 * Whether a change of the source changes anything that is worth a run.
 *
 * It compares normal forms: what is left of a file without comments, layout, docstrings and the spelling of names, once
 * with and once without its seeds. Making them takes the language's own parser, so that is an adapter's work.
 */

/** A file's two normal forms, as hashes or texts; equal forms mean that the programs do the same. */
export interface NormalForm {
  readonly exact: string;
  /** With every seed replaced by one and the same. */
  readonly seedless: string;
}

export type Inspection =
  | { readonly kind: 'read'; readonly forms: Readonly<Record<string, NormalForm>> }
  /** A file that does not parse. */
  | { readonly kind: 'broken'; readonly file: string; readonly line: number; readonly message: string };

/** Parses the files without running anything of them. */
export type InspectSource = (files: Readonly<Record<string, string>>) => Promise<Inspection>;

export type ChangeKind = 'same' | 'seed-only' | 'different';

/** What a change amounts to, file by file. */
export function compareForms(
  before: Readonly<Record<string, NormalForm>>,
  after: Readonly<Record<string, NormalForm>>,
): ChangeKind {
  const files = [...new Set([...Object.keys(before), ...Object.keys(after)])];
  if (files.every((file) => before[file]?.exact === after[file]?.exact)) return 'same';
  return files.every((file) => before[file]?.seedless === after[file]?.seedless) ? 'seed-only' : 'different';
}
