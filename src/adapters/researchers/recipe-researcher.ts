/**
 * The `recipe` researcher: turns knobs of the incumbent to values that training recipes agree on, first together and
 * then one by one, and rates and sizes by steps.
 */
import { proposeKnobs } from '../../core/space/knob-proposal.ts';
import { recordText } from '../../core/space/public/public-moves.ts';
import { type RecipeStep, recipeSteps } from '../../core/space/recipe/recipe.ts';
import type { ProposalReply, ProposalRequest, Researcher } from '../../ports/researcher.ts';
import { wasTried } from './was-tried.ts';

/** The history says what was tried, so the researcher keeps no state; it draws nothing at random. */
export function createRecipeResearcher(): Researcher {
  return {
    name: 'recipe',
    propose: async (request) => {
      if (request.space.length === 0) return { kind: 'exhausted', reason: 'there is no knob to turn' };
      for (const step of recipeSteps(request.space, request.history)) {
        const reply = replyOf(step);
        if (wasRefused(request, reply.proposal) || (await wasTried(request, reply.proposal))) continue;
        return reply;
      }
      return { kind: 'exhausted', reason: 'training recipes have nothing more to suggest' };
    },
  };
}

/** Whether recipes have a step left to suggest, by the history alone. */
export function suitsRecipe({ space, history }: ProposalRequest): boolean {
  return recipeSteps(space, history).length > 0;
}

type Made = Extract<ProposalReply, { kind: 'proposal' }>;

function replyOf({ settings, sources, record, kind }: RecipeStep): Made {
  const names = settings.map(({ dimension }) => dimension.knob.name).join(', ');
  const what = kind === 'values' ? `customary for ${names}` : `a step of ${names}, again as long as it pays`;
  const why = [...sources, ...(record === undefined ? [] : [recordText(record)])].join('; ');
  return { kind: 'proposal', proposal: proposeKnobs(settings, `Recipe: ${what}${why === '' ? '' : ` (${why})`}.`) };
}

/** Whether this proposal was refused before. A refusal is journalled with its title only, so titles are compared. */
function wasRefused({ history }: ProposalRequest, { title }: Made['proposal']): boolean {
  return history.refusals.some((refusal) => refusal.researcher === 'recipe' && refusal.title === title);
}
