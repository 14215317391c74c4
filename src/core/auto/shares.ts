/**
 * The owner's shares: how much of a study goes to a researcher or to one of its arms.
 *
 * A share of 0 switches its arms off. The bandit divides what the shares leave over among the arms without one; when
 * they leave nothing, those arms are off too.
 */
import type { Random } from '../base/random.ts';
import type { ArmName } from '../base/researchers.ts';
import { researcherOf } from '../journal/arm.ts';
import type { Shares } from '../journal/settings/read-shares.ts';

/** The share that one choice falls to, and the arms that it is for. */
export interface DrawnShare {
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

/**
 * Draws, in proportion to the shares, which of these arms one choice is for; shares of absent arms go to the others.
 */
export function drawShare(arms: readonly ArmName[], shares: Shares, random: Random): DrawnShare {
  const drawable = drawableShares(arms, shares);
  const total = drawable.reduce((sum, { weight }) => sum + weight, 0);
  let left = random.unit() * total;
  for (const { weight, ...drawn } of drawable) {
    left -= weight;
    if (left < 0) return drawn;
  }
  return { arms };
}

function drawableShares(arms: readonly ArmName[], shares: Shares): (DrawnShare & { weight: number })[] {
  const drawable: (DrawnShare & { weight: number })[] = [];
  for (const [name, share] of Object.entries(shares)) {
    const own = arms.filter((arm) => shareNameOf(arm, shares) === name);
    if (own.length > 0 && share > 0) drawable.push({ arms: own, name, share, weight: share });
  }
  const others = arms.filter((arm) => shareNameOf(arm, shares) === undefined);
  return others.length === 0 ? drawable : [...drawable, { arms: others, weight: leftOver(shares) }];
}

/** Rounded, because ten times 10 % is not quite 1. */
function leftOver(shares: Shares): number {
  const given = Object.values(shares).reduce((sum, share) => sum + share, 0);
  return Math.max(0, Math.round((1 - given) * 1e9) / 1e9);
}
