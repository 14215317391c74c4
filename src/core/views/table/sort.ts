/**
 * The order of a table's rows.
 */
import type { Column } from './columns.ts';

export type Way = 'up' | 'down';

/** The experiments in the order of a column: numbers before texts, and what has no value last in both ways. */
export function sortBy(experiments: readonly number[], { cells }: Column, way: Way): number[] {
  const sign = way === 'up' ? 1 : -1;
  return [...experiments].sort((a, b) => {
    const [one, other] = [cells[a] ?? null, cells[b] ?? null];
    if (one === null || other === null) return one === other ? a - b : one === null ? 1 : -1;
    if (typeof one === 'number' && typeof other === 'number') return sign * (one - other) || a - b;
    if (typeof one !== typeof other) return typeof one === 'number' ? -1 : 1;
    return sign * (one < other ? -1 : one > other ? 1 : 0) || a - b;
  });
}
