/**
 * Reads `shares:`, such as `{ llm: 50%, bayes: 30%, random: 20% }`: percentages by researcher, or by arm.
 */

import { nearestName } from '../../base/nearest-name.ts';
import { type ReadResult, read, refuse } from '../../base/read-result.ts';
import { armNames, armResearchers, researcherOf } from '../arm.ts';

/** Researcher or arm -> its share, in [0, 1]; together at most 1. */
export type Shares = Readonly<Record<string, number>>;

const expected = 'shares by researcher, such as { llm: 50%, bayes: 30%, random: 20% }';

/** The shares as fractions of 1. */
export function readShares(raw: unknown): ReadResult<Shares> {
  if (typeof raw !== 'object' || raw === null || Array.isArray(raw)) return refuse(expected);
  const shares: Record<string, number> = {};
  for (const [name, rawShare] of Object.entries(raw)) {
    if (!isName(name)) return refuse(...unknownName(name));
    const share = readShare(rawShare);
    if (share === undefined)
      return refuse(`0 or a percentage such as 30% for \`${name}\``, { found: String(rawShare) });
    shares[name] = share;
  }
  return checkTogether(shares);
}

function isName(name: string): boolean {
  return [...armResearchers, ...armNames].some((known) => known === name);
}

function unknownName(name: string): Parameters<typeof refuse> {
  const names = [...new Set<string>([...armResearchers, ...armNames])];
  const nearest = nearestName(name, names);
  const hint = nearest === undefined ? {} : { hint: `Did you mean \`${nearest}\`?` };
  return [`shares of ${names.join(', ')}`, { found: name, ...hint }];
}

function readShare(raw: unknown): number | undefined {
  if (raw === 0) return 0;
  const digits = typeof raw === 'string' ? /^(\d{1,3}(?:\.\d{1,3})?) ?%$/.exec(raw.trim())?.[1] : undefined;
  if (digits === undefined) return undefined;
  const share = Number(`${digits}e-2`);
  return share <= 1 ? share : undefined;
}

function checkTogether(shares: Shares): ReadResult<Shares> {
  const doubled = armNames.find(
    (arm) => Object.hasOwn(shares, arm) && arm !== researcherOf(arm) && Object.hasOwn(shares, researcherOf(arm)),
  );
  if (doubled !== undefined) {
    return refuse(`a share of either \`${researcherOf(doubled)}\` or one of its kinds of edit`, { found: doubled });
  }
  const sum = Object.values(shares).reduce((total, share) => total + share, 0);
  if (sum > 1 + 1e-9) return refuse('100 % at most together', { found: `${Number((sum * 100).toFixed(3))} %` });
  const areAllZero = armNames.every((arm) => (shares[arm] ?? shares[researcherOf(arm)]) === 0);
  return areAllZero ? refuse('more than 0 for at least one researcher') : read(shares);
}
