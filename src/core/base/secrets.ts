/**
 * Hides secrets in texts that go to a provider, and puts them back where an edit quotes them.
 *
 * Each secret has a mark of its own, such as `[redacted 1f3a]`, that follows from the secret alone: the same text is the
 * same bytes in every request, so that providers can cache it. Sixteen bits of a hash give nothing away.
 */
import { hashText } from './random.ts';
import { secretsIn } from './secret-patterns.ts';

export interface Secrets {
  /** Remembers the secrets of a text, so that they are found where they stand without their name. */
  readonly learn: (text: string) => void;
  /** The text with the mark of each secret in its place. */
  readonly mask: (text: string) => string;
  /** The secrets that stand in a text, longest first. */
  readonly find: (text: string) => readonly string[];
}

/** Shorter values are not hidden: they occur in ordinary text too. */
export const minSecretCharacters = 8;

/** A script can print any number of them. */
const maxKnown = 1000;

const markPattern = /\[redacted [0-9a-f]{4}\]/g;

/** Knows these values from the start, such as those of the environment's key variables. */
export function createSecrets(values: readonly string[] = []): Secrets {
  const known = new Set<string>();
  let ordered: readonly string[] = [];
  const add = (found: readonly string[]): void => {
    const before = known.size;
    for (const value of found) if (value.length >= minSecretCharacters && known.size < maxKnown) known.add(value);
    if (known.size > before) ordered = longestFirst(known);
  };
  add(values);
  /** What is known, and what shows in this text: when too many are known, no more are remembered. */
  const secretsFor = (text: string): readonly string[] => {
    const own = secretsIn(text);
    add(own);
    const more = own.filter((value) => value.length >= minSecretCharacters && !known.has(value));
    return more.length === 0 ? ordered : longestFirst(new Set([...ordered, ...more]));
  };
  return {
    learn: (text) => add(secretsIn(text)),
    mask: (text) => maskValues(text, secretsFor(text)),
    find: (text) => secretsFor(text).filter((value) => text.includes(value)),
  };
}

/** One inside another must not leave the rest of it. */
function longestFirst(values: ReadonlySet<string>): readonly string[] {
  return [...values].sort((a, b) => b.length - a.length);
}

/** The text with the marks of these values in their places; the longest value must come first. */
export function maskValues(text: string, values: readonly string[]): string {
  return values.reduce((left, value) => left.replaceAll(value, () => markOf(value)), text);
}

/** What stands in the place of a secret. */
export function markOf(secret: string): string {
  return `[redacted ${(hashText(secret) & 0xffff).toString(16).padStart(4, '0')}]`;
}

/** The text with the marks of these secrets replaced by them; a mark that two of them share stays. */
export function unmask(text: string, secrets: readonly string[]): string {
  if (!text.includes('[redacted ')) return text;
  return text.replace(markPattern, (mark) => {
    const [secret, other] = secrets.filter((one) => markOf(one) === mark);
    return secret === undefined || other !== undefined ? mark : secret;
  });
}

/** The first mark in a text; undefined when there is none. */
export function markIn(text: string): string | undefined {
  return text.match(markPattern)?.[0];
}
