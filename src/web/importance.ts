/**
 * How important each knob was, as a sentence and cells of a table for every rendering.
 */
import type { SpaceChange } from '../core/journal/history.ts';
import type { Importance } from '../core/space/trials/importance.ts';

export const importanceHeader = ['knob', 'importance'] as const;

/** One row for each knob. */
export function importanceCells({ knobs }: Importance): string[][] {
  const isOneFile = new Set(knobs.map(({ key }) => fileOf(key))).size === 1;
  return knobs.map(({ key, share }) => [
    isOneFile ? key.slice(fileOf(key).length + 1) : key,
    `${Math.round(share * 100)} %`,
  ]);
}

/** What the figures mean, and what they rest on. */
export function importanceSentence({ trials, best, knobs }: Importance): string {
  const from = `the best ${best} of ${trials} trials from the rest`;
  return knobs.every(({ share }) => share === 0)
    ? `No knob tells ${from} better than chance would.`
    : `How much each knob tells ${from} (PED-ANOVA, less what chance would).`;
}

/** From which experiment on which ranges were narrowed or opened, and why. */
export function rangeSentences(changes: readonly SpaceChange[]): string[] {
  return changes.map(({ experiment, reason, changes: ranges }) => {
    const list = ranges.map(({ knob, from, to }) => `${knob} ${from} -> ${to}`).join('; ');
    return `From experiment ${experiment} on, ${list}: ${reason}.`;
  });
}

/** A knob's name has no colon, a path may. */
function fileOf(key: string): string {
  return key.slice(0, key.lastIndexOf(':'));
}
