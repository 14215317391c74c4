/**
 * The owner's shares: how much of a study goes to a researcher or to one of its arms.
 *
 * A share of nothing switches its arms off. What the shares leave over is the bandit's, among the arms without one; where
 * they leave nothing, those are off too.
 */
import type { Random } from '../base/random.ts';
import type { ArmName } from '../base/researchers.ts';
import { researcherOf } from '../journal/arm.ts';
import type { Shares } from '../journal/settings/read-shares.ts';

/** What the shares say of one choice: the arms it is between, and the share that brought it there. */
export interface Lot {
  readonly arms: readonly ArmName[];
  /** The name that the owner gave a share to; undefined for what is left over. */
  readonly name?: string;
  readonly share?: number;
}

/** The name under which the owner gave this arm a share: its own before its researcher's. */
export function shareNameOf(arm: ArmName, shares: Shares): string | undefined {
  if (Object.hasOwn(shares, arm)) return arm;
  return Object.hasOwn(shares, researcherOf(arm)) ? researcherOf(arm) : undefined;
}

/** The arms that are not switched off. */
export function armsWithin(arms: readonly ArmName[], shares: Shares): ArmName[] {
  const isAnyLeft = leftOver(shares) > 0;
  return arms.filter((arm) => {
    const name = shareNameOf(arm, shares);
    return name === undefined ? isAnyLeft : (shares[name] ?? 0) > 0;
  });
}

/** Draws whose turn it is among these arms; the shares of those that cannot be asked go to the others. */
export function drawLot(arms: readonly ArmName[], shares: Shares, random: Random): Lot {
  const lots = lotsOf(arms, shares);
  const total = lots.reduce((sum, { weight }) => sum + weight, 0);
  let left = random.unit() * total;
  for (const { weight, ...lot } of lots) {
    left -= weight;
    if (left < 0) return lot;
  }
  return { arms };
}

function lotsOf(arms: readonly ArmName[], shares: Shares): (Lot & { weight: number })[] {
  const lots: (Lot & { weight: number })[] = [];
  for (const [name, share] of Object.entries(shares)) {
    const own = arms.filter((arm) => shareNameOf(arm, shares) === name);
    if (own.length > 0 && share > 0) lots.push({ arms: own, name, share, weight: share });
  }
  const others = arms.filter((arm) => shareNameOf(arm, shares) === undefined);
  return others.length === 0 ? lots : [...lots, { arms: others, weight: leftOver(shares) }];
}

/** Rounded, because ten times 10 % is not quite 1. */
function leftOver(shares: Shares): number {
  const given = Object.values(shares).reduce((sum, share) => sum + share, 0);
  return Math.max(0, Math.round((1 - given) * 1e9) / 1e9);
}
