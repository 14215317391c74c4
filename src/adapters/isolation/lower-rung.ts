import type { Rung } from '../../ports/isolation.ts';
import { withoutOwnUser } from './find-isolation.ts';

/**
 * The rung for code of the owner's own, which must read and write what belongs to the owner: it stays the controller's user. Where
 * rules on files confine it, root keeps the right to files of other users.
 */
export function ownersRung(rung: Rung, isRoot = process.getuid?.() === 0): Rung {
  const same = withoutOwnUser(rung);
  return isRoot && hasFileRules(same) ? { ...same, keeps: 'CAP_DAC_OVERRIDE' } : same;
}

/** Whether rules on files hold there: without them, a stage reads what its user reads. */
export function hasFileRules({ tier }: Rung): boolean {
  return tier === 'landlock' || tier === 'landlock-user' || tier === 'namespaces';
}
