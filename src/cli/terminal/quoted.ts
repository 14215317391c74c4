/**
 * Paths in commands to copy.
 */

/** A path as a shell reads it back: in quotes only where it needs them. */
export function quoted(path: string): string {
  return /^[\w./-]+$/.test(path) ? path : JSON.stringify(path);
}
