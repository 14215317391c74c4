/**
 * Words in commands to copy.
 */

/** A word as a shell reads it back: in quotes only where it needs them, and in single ones where it would be expanded. */
export function quoted(word: string): string {
  if (/^[\w./-]+$/.test(word)) return word;
  return /["$`\\!\n]/.test(word) ? `'${word.replaceAll("'", "'\\''")}'` : `"${word}"`;
}
