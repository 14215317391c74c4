/**
 * The `random` researcher: turns one to three knobs of the incumbent.
 */

import { createRandom } from '../../core/base/random.ts';
import { proposeKnobs, type Setting } from '../../core/space/knob-proposal.ts';
import { allSettings } from '../../core/space/search/all-settings.ts';
import { drawSettings } from '../../core/space/search/draw-settings.ts';
import { nearFirst } from '../../core/space/search/near-first.ts';
import type { ProposalReply, ProposalRequest, Researcher } from '../../ports/researcher.ts';
import { wasTried } from './was-tried.ts';

/** Draws follow from the request's seed alone, so a resumed study proposes what an uninterrupted one would have. */
export function createRandomResearcher(): Researcher {
  return {
    name: 'random',
    propose: async (request) => {
      const { space, seed } = request;
      if (space.length === 0) return { kind: 'exhausted', reason: 'there is no knob to turn' };
      const settings = drawSettings(nearFirst(space, request.history), createRandom(seed));
      if (!(await wasTried(request, proposeKnobs(settings, '')))) return reply(request, settings);
      // The draw was tried before, and the space may be nearly used up: look for an untried configuration.
      const all = allSettings(space);
      return all === undefined ? reply(request, settings) : anyUntried(request, all);
    },
  };
}

async function anyUntried(request: ProposalRequest, all: readonly (readonly Setting[])[]): Promise<ProposalReply> {
  const start = createRandom(`${request.seed}/untried`).whole(0, all.length - 1);
  for (const settings of [...all.slice(start), ...all.slice(0, start)]) {
    if (!(await wasTried(request, proposeKnobs(settings, '')))) return reply(request, settings);
  }
  return { kind: 'exhausted', reason: `all ${all.length + 1} configurations of the space are tried` };
}

function reply({ space }: ProposalRequest, settings: readonly Setting[]): ProposalReply {
  const hypothesis = `Random search: ${settings.length} of ${space.length} knobs turned, from the incumbent.`;
  return { kind: 'proposal', proposal: proposeKnobs(settings, hypothesis) };
}
