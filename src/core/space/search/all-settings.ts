/**
 * Lists every configuration of a space that has only a few.
 */

import { type Space, sameValue } from '../knob.ts';
import type { Setting } from '../knob-proposal.ts';
import { activeSettings } from './draw-settings.ts';
import { brokenIn } from './fit-settings.ts';
import { allValues, countValues } from './search-values.ts';

/** Configurations of the largest space that is listed. */
const maxPoints = 256;

/**
 * The settings that lead from the current values to each other configuration; undefined when there are more than 256.
 */
export function allSettings(space: Space): readonly (readonly Setting[])[] | undefined {
  const points = space.reduce((product, { range }) => product * countValues(range), 1);
  if (points > maxPoints) return undefined;
  const all = space.reduce<readonly (readonly Setting[])[]>(
    (lists, dimension) => lists.flatMap((list) => allValues(dimension.range).map((to) => [...list, { dimension, to }])),
    [[]],
  );
  const distinct = new Map<string, readonly Setting[]>();
  for (const point of all) {
    const changed = activeSettings(space, point).filter(({ dimension, to }) => !sameValue(dimension.knob.value, to));
    if (brokenIn(space, changed).length > 0) continue;
    const text = JSON.stringify(changed.map(({ dimension: { knob }, to }) => [knob.file, knob.name, to]));
    if (changed.length > 0) distinct.set(text, changed);
  }
  return [...distinct.values()];
}
