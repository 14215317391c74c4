/**
 * The `random` researcher: turns one to three knobs of the incumbent.
 */

import { createRandom } from '../../core/random.ts';
import { drawSettings } from '../../core/space/draw-settings.ts';
import { proposeKnobs } from '../../core/space/knob-proposal.ts';
import type { Researcher } from '../../ports/researcher.ts';

/** Draws follow from the request's seed alone, so a resumed study proposes what the undisturbed one would have. */
export function createRandomResearcher(): Researcher {
  return {
    name: 'random',
    propose: async ({ space, seed }) => {
      if (space.length === 0) return { kind: 'exhausted', reason: 'there is no knob to turn' };
      const settings = drawSettings(space, createRandom(seed));
      const hypothesis = `Random search: ${settings.length} of ${space.length} knobs turned, from the incumbent.`;
      return { kind: 'proposal', proposal: proposeKnobs(settings, hypothesis) };
    },
  };
}
