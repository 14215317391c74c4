/**
 * What is assumed about the arms before a study has results: which arm opens it, and what each is expected to gain.
 *
 * Measured on this very task (Ferreira, Hutter et al., arXiv 2603.24647): a language model that sets knobs gains
 * fastest in the first third of a night, an optimiser overtakes it once it has stalled, and random search is behind
 * both. The gain that is expected of each arm stands in its row of `base/researchers.ts`; results of the study soon
 * outweigh it.
 */

import type { ArmName } from '../base/researchers.ts';
import { expectedGainOf, isModelArm } from '../journal/arm.ts';
import { type History, isDropped } from '../journal/history.ts';
import { isPlateau } from '../journal/plateau.ts';
import { isOpen } from './pulls.ts';
import type { Priors } from './rates.ts';

/** Experiments that open a study: too few to learn from, so their order is fixed. */
const openingLength = 6;
/** Changes of the recipe in a row without a keep that end its turn. */
export const recipeFailures = 4;
/** Changes in a row without a keep after which it takes turns with the Gaussian process, which learns of several knobs at once. */
export const doubtfulFailures = 2;

/**
 * Expected gains on a plateau: there an optimiser sets knobs better than a model does, but a model still writes code.
 */
const afterPlateau: Priors = { 'llm-knobs': 0.3, 'bayes-gp': 2, 'bayes-tpe': 2 };

/** An arm, and why it is its turn. */
interface Turn {
  readonly arm: ArmName;
  readonly why: string;
}

/** The arm that the study opens with, and why; undefined when the opening is over or none of its arms is there. */
export function openingArm(history: History, arms: readonly ArmName[]): Turn | undefined {
  // A model knows the usual settings; without one the recipe comes first.
  if (!arms.some(isModelArm)) return arms.includes('recipe') ? customaryTurn(history, arms) : undefined;
  const experiment = history.experiments.length;
  if (experiment > openingLength || !arms.includes('llm-knobs')) return undefined;
  const place = `experiment ${experiment} of the ${openingLength} that open a study`;
  return { arm: 'llm-knobs', why: `${place}: early on a model's bundles of knobs gain fastest` };
}

/** The recipe's, as long as it pays; once that is in doubt, every other one is the Gaussian process's. */
function customaryTurn(history: History, arms: readonly ArmName[]): Turn | undefined {
  const { now, most } = recipeStreaks(history);
  if (most >= recipeFailures) return undefined;
  const wasRecipe = history.experiments.at(-1)?.researcher === 'recipe';
  if (now >= doubtfulFailures && wasRecipe && arms.includes('bayes-gp')) {
    return { arm: 'bayes-gp', why: `in turns with what is customary, of which the last ${now} brought nothing` };
  }
  const until = `until ${recipeFailures} of its changes in a row bring nothing`;
  return { arm: 'recipe', why: `what is customary is tried before anything is searched, ${until}` };
}

/**
 * How many of the recipe's changes in a row were not kept, lately and at most; proposals of others in between do not count, nor what
 * has no result of its own: what is to come, was dropped, or is tried again on another incumbent.
 */
function recipeStreaks({ experiments }: History): { readonly now: number; readonly most: number } {
  let [now, most] = [0, 0];
  for (const record of experiments) {
    if (record.researcher !== 'recipe' || isDropped(record) || isOpen(record)) continue;
    now = record.kept === undefined ? now + 1 : 0;
    most = Math.max(most, now);
  }
  return { now, most };
}

/** What each of these arms is expected to gain, relative to the study. */
export function priorsOf(history: History, arms: readonly ArmName[]): Priors {
  const stage = isPlateau(history) ? afterPlateau : {};
  return Object.fromEntries(arms.map((arm) => [arm, stage[arm] ?? expectedGainOf(arm)]));
}
