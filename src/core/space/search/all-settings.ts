/**
 * Every configuration of a space that has only a few.
 */

import { type Space, sameValue } from '../knob.ts';
import type { Setting } from '../knob-proposal.ts';
import { activeSettings } from './draw-settings.ts';
import { allValues, countValues } from './search-values.ts';

/** More than these are not counted out. */
const mostPoints = 256;

/** The settings that lead from where the knobs stand to each other configuration; undefined when there are too many. */
export function allSettings(space: Space): readonly (readonly Setting[])[] | undefined {
  const points = space.reduce((product, { range }) => product * countValues(range), 1);
  if (points > mostPoints) return undefined;
  const all = space.reduce<readonly (readonly Setting[])[]>(
    (lists, dimension) => lists.flatMap((list) => allValues(dimension.range).map((to) => [...list, { dimension, to }])),
    [[]],
  );
  const distinct = new Map<string, readonly Setting[]>();
  for (const point of all) {
    const changed = activeSettings(space, point).filter(({ dimension, to }) => !sameValue(dimension.knob.value, to));
    const text = JSON.stringify(changed.map(({ dimension: { knob }, to }) => [knob.file, knob.name, to]));
    if (changed.length > 0) distinct.set(text, changed);
  }
  return [...distinct.values()];
}
