/**
 * The `random` researcher: turns one to three knobs of the incumbent.
 */

import { createRandom } from '../../core/random.ts';
import { proposeKnobs, type Setting } from '../../core/space/knob-proposal.ts';
import { drawValue } from '../../core/space/search-values.ts';
import type { Researcher } from '../../ports/researcher.ts';

/** Draws follow from the request's seed alone, so a resumed study proposes what the undisturbed one would have. */
export function createRandomResearcher(): Researcher {
  return {
    name: 'random',
    propose: async ({ space, seed }) => {
      if (space.length === 0) return { kind: 'exhausted', reason: 'there is no knob to turn' };
      const random = createRandom(seed);
      const rest = [...space];
      const settings: Setting[] = [];
      for (let count = random.whole(1, Math.min(3, space.length)); count > 0; count--) {
        const [dimension] = rest.splice(random.whole(0, rest.length - 1), 1);
        if (dimension) settings.push({ dimension, to: drawValue(dimension.range, dimension.knob.value, random) });
      }
      const hypothesis = `Random search: ${settings.length} of ${space.length} knobs turned, from the incumbent.`;
      return { kind: 'proposal', proposal: proposeKnobs(settings, hypothesis) };
    },
  };
}
