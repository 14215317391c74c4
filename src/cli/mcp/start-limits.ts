/**
 * How far a study that a client starts may go: by the smallest of what the client asks, the brief and the owner's flags say.
 */
import { SettingsError } from '../../core/base/errors.ts';
import type { StopRules } from '../../core/journal/settings/stop-rules.ts';

/** The rules that bound a start. `experiments` is the study's total, the others count all its sessions. */
export type Ceilings = Pick<StopRules, 'experiments' | 'hours' | 'usd' | 'tokens'>;

const names = ['experiments', 'hours', 'usd', 'tokens'] as const satisfies readonly (keyof Ceilings)[];

/** The smallest of each rule. Throws a SettingsError where no rule is given at all. */
export function smallestCeilings(...all: readonly Ceilings[]): Ceilings {
  const found = names.flatMap((name) => {
    const values = all.flatMap((ceilings) => ceilings[name] ?? []);
    return values.length === 0 ? [] : [[name, Math.min(...values)] as const];
  });
  if (found.length > 0) return Object.fromEntries(found);
  throw new SettingsError('A study is started with a ceiling only, and neither the call nor the brief has one.', {
    hint: 'Give experiments, hours, usd or tokens.',
  });
}

/** The flags of `nocturne run` that set these ceilings. */
export function ceilingFlags(ceilings: Ceilings): readonly string[] {
  return names.flatMap((name) => (ceilings[name] === undefined ? [] : [`--max-${name}=${ceilings[name]}`]));
}
