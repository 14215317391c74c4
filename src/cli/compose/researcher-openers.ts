/**
 * How each researcher is opened: one line for each of the table in `core/base/researchers.ts`.
 */
import type { Optuna } from '../../adapters/python/find-optuna.ts';
import type { Arm } from '../../adapters/researchers/auto-researcher.ts';
import { createBayesResearcher } from '../../adapters/researchers/bayes/bayes-researcher.ts';
import { createOptunaProcess } from '../../adapters/researchers/bayes/optuna-process.ts';
import { createGridResearcher } from '../../adapters/researchers/grid-researcher.ts';
import { withNarrowing } from '../../adapters/researchers/narrowing-researcher.ts';
import { createOwnerResearcher } from '../../adapters/researchers/owner-researcher.ts';
import { createRandomResearcher } from '../../adapters/researchers/random-researcher.ts';
import { createRecipeResearcher, suitsRecipe } from '../../adapters/researchers/recipe-researcher.ts';
import type { ReadTrials } from '../../adapters/researchers/trial-reader.ts';
import { ok } from '../../core/base/errors.ts';
import type { ArmName, SingleResearcher } from '../../core/base/researchers.ts';
import type { SamplerName } from '../../core/space/search/search-question.ts';
import { isSmallGrid } from '../../core/space/search/search-values.ts';
import type { Researcher } from '../../ports/researcher.ts';
import type { ModelResearcherOptions } from './model-researchers.ts';

/** What a researcher's opener is given. */
export interface OpenerOptions extends ModelResearcherOptions {
  /** Undefined when it is not installed. */
  readonly optuna: Optuna | undefined;
  readonly readTrials: ReadTrials;
}

type ResearcherByArm = Readonly<Partial<Record<ArmName, Researcher>>>;

interface Opener {
  /**
   * The researcher as the only one of a study, or as a stand-in; it serves its arms too, unless `openArms` is given.
   */
  readonly open: (options: OpenerOptions) => Researcher | Promise<Researcher>;
  /** The researcher of each arm, where they differ; an arm that is left out cannot be asked on this machine. */
  readonly openArms?: (options: OpenerOptions) => ResearcherByArm;
  /** Which requests `auto` may put to its arms; absent: any. */
  readonly suits?: Arm['suits'];
}

/**
 * How to open each researcher. The packages of model providers are loaded only by those that call a model or an agent.
 */
export const researcherOpeners: Readonly<Record<SingleResearcher, Opener>> = {
  random: { open: openRandom },
  grid: { open: createGridResearcher, suits: ({ space }) => isSmallGrid(space) },
  recipe: { open: createRecipeResearcher, suits: suitsRecipe },
  bayes: { open: openBayes, openArms: openBayesArms },
  llm: { open: openLlm },
  command: { open: openCommand },
  owner: { open: createOwnerResearcher },
};

function openRandom({ readTrials }: OpenerOptions): Researcher {
  return withNarrowing(createRandomResearcher(), readTrials);
}

function openBayes({ optuna, readTrials }: OpenerOptions): Researcher {
  ok(optuna !== undefined, 'Optuna was found or installed for a researcher that is named');
  const bayes = createBayesResearcher({ optuna: createOptunaProcess(optuna), readTrials, sampler: 'automatic' });
  // A Gaussian process finds the promising region itself; narrowed ranges only made it worse.
  return optuna.hasGp ? bayes : withNarrowing(bayes, readTrials);
}

function openBayesArms({ optuna, readTrials }: OpenerOptions): ResearcherByArm {
  if (!optuna) return {};
  const process = createOptunaProcess(optuna);
  const open = (sampler: SamplerName) => createBayesResearcher({ optuna: process, readTrials, sampler });
  const tpe = { 'bayes-tpe': withNarrowing(open('tpe'), readTrials) };
  return optuna.hasGp ? { 'bayes-gp': open('gp'), ...tpe } : tpe;
}

async function openLlm(options: OpenerOptions): Promise<Researcher> {
  const { model } = options.brief;
  ok(model !== undefined, 'settings asked for a model');
  const { createModelResearcher } = await import('./model-researchers.ts');
  return createModelResearcher(options, model);
}

async function openCommand(options: OpenerOptions): Promise<Researcher> {
  const { createAgentResearcher } = await import('./model-researchers.ts');
  return createAgentResearcher(options);
}
