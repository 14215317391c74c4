/**
 * Texts as YAML reads them back.
 */

/** A text without line breaks in single quotes, in which a backslash stays as it is. */
export function singleQuoted(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}
