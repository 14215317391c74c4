/**
 * Who proposes in a study: the brief's researcher, its stand-in, and the arms of `auto`.
 */

import type { Optuna } from '../../adapters/python/find-optuna.ts';
import { type Arm, createAutoResearcher } from '../../adapters/researchers/auto-researcher.ts';
import { createBayesResearcher } from '../../adapters/researchers/bayes/bayes-researcher.ts';
import { createOptunaProcess } from '../../adapters/researchers/bayes/optuna-process.ts';
import { createGridResearcher } from '../../adapters/researchers/grid-researcher.ts';
import { withNarrowing } from '../../adapters/researchers/narrowing-researcher.ts';
import { createRandomResearcher } from '../../adapters/researchers/random-researcher.ts';
import { createRecipeResearcher, suitsRecipe } from '../../adapters/researchers/recipe-researcher.ts';
import { createTrialReader, type ReadTrials } from '../../adapters/researchers/trial-reader.ts';
import { ok, StudyError } from '../../core/base/errors.ts';
import { isSearchResearcher, type SearchResearcherName } from '../../core/base/names.ts';
import { asksCommand, asksModel } from '../../core/brief/thinkers.ts';
import type { SamplerName } from '../../core/space/search/search-question.ts';
import { isSmallGrid } from '../../core/space/search/search-values.ts';
import type { Lab } from '../../ports/lab.ts';
import type { Researcher } from '../../ports/researcher.ts';
import type { ThinkingOptions } from './thinking.ts';

type Opened = Pick<Lab, 'researcher' | 'fallback'>;
type OpenOptions = ThinkingOptions & { readonly optuna: Optuna | undefined };

/** The brief's researcher, and who stands in for its model. */
export async function openResearchers(options: OpenOptions, now: () => string): Promise<Opened> {
  const { researcher, shares } = options.brief;
  switch (researcher) {
    case 'random':
    case 'grid':
    case 'bayes':
      return { researcher: createSearchResearcher(researcher, options) };
    case 'recipe':
      return { researcher: createRecipeResearcher() };
    case 'auto':
      return { researcher: createAutoResearcher({ arms: await armsOf(options), shares, now }) };
    case 'llm':
      return openModelResearcher(options);
    case 'command':
      return openAgentResearcher(options);
    default:
      return researcher satisfies never;
  }
}

async function openModelResearcher(options: OpenOptions): Promise<Opened> {
  const { model } = options.brief;
  ok(model !== undefined, 'settings asked for a model');
  const { createThinkingResearcher } = await import('./thinking.ts');
  return withStandIn(options, await createThinkingResearcher(options, model));
}

async function openAgentResearcher(options: OpenOptions): Promise<Opened> {
  const { createAgentResearcher } = await import('./thinking.ts');
  return withStandIn(options, await createAgentResearcher(options));
}

async function withStandIn(options: OpenOptions, researcher: Researcher): Promise<Opened> {
  const { fallback } = options.brief;
  if (fallback === undefined) return { researcher };
  if (isSearchResearcher(fallback)) return { researcher, fallback: createSearchResearcher(fallback, options) };
  const { createThinkingResearcher } = await import('./thinking.ts');
  return { researcher, fallback: await createThinkingResearcher(options, fallback) };
}

/** Without Optuna `random` stands in for `bayes`, and is journalled as what it is. */
function createSearchResearcher(name: SearchResearcherName, options: OpenOptions): Researcher {
  if (name === 'grid') return createGridResearcher();
  const readTrials = openTrialReader(options.lab);
  if (name === 'random' || !options.optuna) return withNarrowing(createRandomResearcher(), readTrials);
  const optuna = createOptunaProcess(options.optuna);
  const bayes = createBayesResearcher({ optuna, readTrials, sampler: 'automatic' });
  // A Gaussian process knows by itself where it is worth looking; narrowed ranges only took that from it.
  return options.optuna.hasGp ? bayes : withNarrowing(bayes, readTrials);
}

function openTrialReader({ workspace, knobReader }: OpenOptions['lab']): ReadTrials {
  return createTrialReader(async (commit) => {
    const reading = await knobReader.read(await workspace.read(commit));
    if (reading.kind === 'read') return reading.knobs;
    throw new StudyError(`The editable files of ${commit.slice(0, 7)} cannot be read: ${reading.reason}.`);
  });
}

/** The arms that this brief and this machine have; the shares may leave some of them out. */
async function armsOf(options: OpenOptions): Promise<Arm[]> {
  const { brief, lab } = options;
  const readTrials = openTrialReader(lab);
  const arms: Arm[] = [{ name: 'random', researcher: withNarrowing(createRandomResearcher(), readTrials) }];
  arms.push({ name: 'grid', researcher: createGridResearcher(), suits: ({ space }) => isSmallGrid(space) });
  arms.push({ name: 'recipe', researcher: createRecipeResearcher(), suits: suitsRecipe });
  if (options.optuna) {
    const optuna = createOptunaProcess(options.optuna);
    const bayes = (sampler: SamplerName) => createBayesResearcher({ optuna, readTrials, sampler });
    if (options.optuna.hasGp) arms.push({ name: 'bayes-gp', researcher: bayes('gp') });
    arms.push({ name: 'bayes-tpe', researcher: withNarrowing(bayes('tpe'), readTrials) });
  }
  if (asksModel(brief)) {
    const { researcher, fallback: standIn } = await openModelResearcher(options);
    arms.push({ name: 'llm-knobs', researcher, standIn }, { name: 'llm-code', researcher, standIn });
  }
  if (asksCommand(brief)) {
    const { createAgentResearcher } = await import('./thinking.ts');
    arms.push({ name: 'command-code', researcher: await createAgentResearcher(options) });
  }
  return arms;
}
