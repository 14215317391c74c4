/** The words as one line for a POSIX shell, in which each means itself. */
export function quoted(words: readonly string[]): string {
  return words.map((word) => `'${word.split("'").join("'\\''")}'`).join(' ');
}
