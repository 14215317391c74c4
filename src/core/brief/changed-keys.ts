/**
 * Which settings differ between two sessions.
 */

/** The top-level keys whose values differ, compared as JSON in which the order of keys says nothing; a missing key counts. */
export function changedKeys(before: object, after: object): string[] {
  const keys = new Set([...Object.keys(before), ...Object.keys(after)]);
  const text = (value: object, key: string) => JSON.stringify((value as Record<string, unknown>)[key], sortKeys);
  return [...keys].filter((key) => text(before, key) !== text(after, key));
}

function sortKeys(_: string, value: unknown): unknown {
  const isRecord = typeof value === 'object' && value !== null && !Array.isArray(value);
  return isRecord ? Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1))) : value;
}
