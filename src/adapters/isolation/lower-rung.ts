import type { Rung } from '../../ports/isolation.ts';

/**
 * The rung for code of the owner's own, which must read and write what belongs to the owner: it stays the controller's user. Where
 * rules on files confine it, root keeps the right to files of other users.
 */
export function ownersRung(rung: Rung, isRoot = process.getuid?.() === 0): Rung {
  const same = withoutOwnUser(rung);
  return isRoot && hasFileRules(same) ? { ...same, keeps: 'CAP_DAC_OVERRIDE' } : same;
}

/** Tiers with rules on files; without them, a stage reads what its user reads. */
const withFileRules: readonly unknown[] = ['landlock', 'landlock-user', 'namespaces'];

/** Whether rules on files hold there. */
export function hasFileRules({ tier }: { readonly tier?: unknown }): boolean {
  return withFileRules.includes(tier);
}

/** The same rung for a stage that must keep the controller's user, as for files that only this one may read. */
export function withoutOwnUser(rung: Rung): Rung {
  const { uid: _, keeps: __, ...rest } = rung;
  if (rung.tier === 'user') return { ...rest, tier: 'seccomp' };
  return rung.tier === 'landlock-user' ? { ...rest, tier: 'landlock' } : rest;
}
