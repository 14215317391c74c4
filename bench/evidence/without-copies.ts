/**
 * Forks and branches carry the ledger that they began from: of studies that share most rows, the longest counts.
 */
import type { PublicStudy } from './study.ts';

/** Share of a study's scored rows that stand in another, from which on it is a copy. */
const copiedShare = 0.5;

/** The studies without copies, in their order, and the copies. */
export function withoutCopies(studies: readonly PublicStudy[]): {
  readonly kept: readonly PublicStudy[];
  readonly copies: readonly PublicStudy[];
} {
  const byLength = studies.toSorted((a, b) => b.experiments.length - a.experiments.length);
  const seen: ReadonlySet<string>[] = [];
  const copies = new Set<PublicStudy>();
  for (const study of byLength) {
    const rows = new Set(rowsOf(study));
    if (seen.some((other) => [...rows].filter((row) => other.has(row)).length >= copiedShare * rows.size))
      copies.add(study);
    else seen.push(rows);
  }
  return { kept: studies.filter((study) => !copies.has(study)), copies: [...copies] };
}

function rowsOf({ baseline, experiments }: PublicStudy): string[] {
  const scored = experiments.filter(({ value }) => value !== null);
  return [`${baseline}`, ...scored.map(({ value, description }) => `${value} ${description}`)];
}
