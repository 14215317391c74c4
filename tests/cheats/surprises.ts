/** Where what became of cheats is not what must become of them. */
import type { Cheat, Ends } from './cheat.ts';
import type { Judged, Row } from './study.ts';

/** One line for each row that ended otherwise, or for another reason, and for each harm that nothing accounts for. */
export function surprisesIn({ rows, harms }: Judged, cheats: readonly Cheat[]): string[] {
  const cheatOf = ({ name }: Row) => cheats.find((cheat) => cheat.name === name);
  const isBare = rows.every(({ tier }) => tier === 'none');
  const accounted = isBare ? rows.flatMap((row) => cheatOf(row)?.harmsBare ?? []) : [];
  return [
    ...rows.flatMap((row) => surpriseOf(row, cheatOf(row))),
    ...harms.filter((harm) => !accounted.some((pattern) => pattern.test(harm))).map((harm) => `left behind: ${harm}`),
  ];
}

/** Whether a row is as it must be. */
export function isAsExpected(row: Row, cheat: Cheat): boolean {
  return expectedEnds(row, cheat).some(([end, why]) => row.end === end && why.test(row.why));
}

/** Below Landlock a cage closes some of the ways, and which ones is not the same on all systems. */
function expectedEnds({ tier }: Row, { caged, bare = caged }: Cheat): readonly Ends[] {
  if (tier === 'none') return [bare];
  return tier === 'seccomp' || tier === 'user' ? [caged, bare] : [caged];
}

function surpriseOf(row: Row, cheat: Cheat | undefined): string[] {
  if (!cheat) return [`${row.name} is no cheat of the list`];
  if (isAsExpected(row, cheat)) return [];
  const wanted = expectedEnds(row, cheat).map(([end, why]) => `${end} with ${why}`);
  return [`${row.name} (${row.tier}): ${row.end}, ${row.why}; expected ${wanted.join(', or ')}`];
}
