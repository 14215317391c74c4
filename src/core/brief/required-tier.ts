/**
 * Whether the isolation that a machine has is enough: for what the brief demands, else for what the study had before.
 */
import { SettingsError } from '../base/errors.ts';
import type { Tier } from '../base/names.ts';
import { rankOf } from '../base/tiers.ts';

/** What was found on this machine, and what it is compared with. */
export interface TierQuestion {
  readonly found: Tier;
  /** Why no higher tier can be had here, as a clause. */
  readonly why?: string | undefined;
  /** `isolation:` of the brief, or `none` by `--no-isolation`. */
  readonly demanded?: Tier | undefined;
  /** What the study's last session had; undefined for a new study. */
  readonly before?: string | undefined;
  readonly tag: string;
}

/** Throws where the tier is lower than the brief demands or, where it demands none, than what the study had before. */
export function requireTier({ found, why, demanded, before, tag }: TierQuestion): void {
  const because = why === undefined ? '' : `: ${why}`;
  if (demanded !== undefined) {
    if (rankOf(found) >= rankOf(demanded)) return;
    throw new SettingsError(
      `The brief demands the isolation \`${demanded}\`, and this machine has \`${found}\`${because}.`,
      { hint: `${accept(found)} \`nocturne doctor\` says what is open then.` },
    );
  }
  if (before === undefined || rankOf(found) >= rankOf(before)) return;
  throw new SettingsError(
    `Study ${tag} ran with the isolation \`${before}\`, and this machine has \`${found}\` now${because}.`,
    { hint: `Go on where \`${before}\` can be had. Or accept less, which every report then says: ${accept(found)}` },
  );
}

function accept(found: Tier): string {
  const bare = '`--no-isolation` runs with your own rights.';
  return found === 'none' ? bare : `\`isolation: ${found}\` in the brief takes what is here; ${bare}`;
}
