/**
 * Which settings differ between two sessions.
 */

/** The top-level keys whose values differ, compared as JSON; a key that one side lacks counts. */
export function changedKeys(before: object, after: object): string[] {
  const keys = new Set([...Object.keys(before), ...Object.keys(after)]);
  const text = (value: object, key: string) => JSON.stringify((value as Record<string, unknown>)[key]);
  return [...keys].filter((key) => text(before, key) !== text(after, key));
}
