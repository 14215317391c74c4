/**
 * One random step away from the current values: one to three knobs get another value.
 */
import type { Random } from '../../base/random.ts';
import type { KnobValue, Space } from '../knob.ts';
import type { Setting } from '../knob-proposal.ts';
import { isActive } from '../range/conditions.ts';
import { fitSettings } from './fit-settings.ts';
import { drawValue } from './search-values.ts';

/** Draws until what the script demands of its knobs can be met. */
const maxDraws = 20;

/**
 * Draws settings of one to three knobs, moved inside what the script demands of them; without knobs that have no effect before or
 * after the step.
 */
export function drawSettings(space: Space, random: Random): Setting[] {
  for (let draw = 1; ; draw++) {
    const drawn = drawOnce(space, random);
    const fitted = fitSettings(space, drawn);
    if (fitted.length > 0 || draw === maxDraws) return activeSettings(space, fitted);
  }
}

function drawOnce(space: Space, random: Random): Setting[] {
  const rest = space.filter((dimension) => isActive(dimension, space, () => undefined));
  const settings: Setting[] = [];
  for (let count = random.whole(1, Math.min(3, rest.length)); count > 0; count--) {
    const [dimension] = rest.splice(random.whole(0, rest.length - 1), 1);
    if (dimension)
      settings.push({ dimension, to: drawValue(dimension.range, dimension.knob.value, random, dimension.spread) });
  }
  return activeSettings(space, settings);
}

/** Those settings whose knob has an effect in the configuration that all of them together make. */
export function activeSettings<Each extends Setting>(space: Space, settings: readonly Each[]): Each[] {
  const settingOf = (file: string, name: string): KnobValue | undefined =>
    settings.find(({ dimension: { knob } }) => knob.file === file && knob.name === name)?.to;
  return settings.filter(({ dimension }) => isActive(dimension, space, settingOf));
}
