/**
 * A configuration file as plain data: what its values are, and where each of them stands.
 *
 * YAML, JSON and TOML are read into this one form; which values are knobs is decided in `config-knobs.ts`.
 */

/** A number, a boolean or a text on one line. */
export interface ConfigScalar {
  readonly kind: 'scalar';
  readonly type: 'int' | 'float' | 'bool' | 'string';
  readonly value: number | boolean | string;
  /** UTF-16 offsets of the value in the file, quotes included: [start, end). */
  readonly range: readonly [number, number];
  /** The text as it is written, where Python's loaders do not agree on its type. */
  readonly spelling?: string;
  /** Why no search may set it, as the end of a sentence. */
  readonly still?: string;
}

export interface ConfigMap {
  readonly kind: 'map';
  readonly entries: readonly (readonly [string, ConfigNode])[];
}

export interface ConfigList {
  readonly kind: 'list';
  readonly items: readonly ConfigNode[];
}

/** What no search sets: a null, a date, an alias, an infinite number, a text of several lines. */
export interface ConfigOther {
  readonly kind: 'other';
  readonly text: string;
}

export type ConfigNode = ConfigScalar | ConfigMap | ConfigList | ConfigOther;

export type ConfigReading =
  /** One tree for each document of the file. */
  | { readonly kind: 'read'; readonly documents: readonly ConfigNode[] }
  /** The line is counted from 1; 0 where the parser names none. */
  | { readonly kind: 'broken'; readonly line: number; readonly message: string };

/** A node for what is not set, told from another by this text. */
export function other(text: string): ConfigOther {
  return { kind: 'other', text };
}

/** The line, from 1, of an offset. */
export function lineAt(text: string, offset: number): number {
  return text.slice(0, offset).split(/\r\n|\n|\r/).length;
}

/** Whether Python holds this number without a loss and a search can work with it. */
export function isOrdinary(value: number): boolean {
  return Number.isFinite(value) && Math.abs(value) <= Number.MAX_SAFE_INTEGER;
}
