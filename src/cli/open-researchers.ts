/**
 * Who proposes in a study: the brief's researcher, its stand-in, and the arms of `auto`.
 */
import { type Arm, createAutoResearcher } from '../adapters/researchers/auto-researcher.ts';
import { createGridResearcher } from '../adapters/researchers/grid-researcher.ts';
import { createRandomResearcher } from '../adapters/researchers/random-researcher.ts';
import type { SearchResearcherName } from '../core/brief/brief.ts';
import { asksCommand, asksModel } from '../core/brief/thinkers.ts';
import { ok } from '../core/errors.ts';
import { isSmallGrid } from '../core/space/search-values.ts';
import type { Lab } from '../ports/lab.ts';
import type { Researcher } from '../ports/researcher.ts';
import type { ThinkingOptions } from './thinking.ts';

const searchResearchers: Readonly<Record<SearchResearcherName, () => Researcher>> = {
  random: createRandomResearcher,
  grid: createGridResearcher,
};

type Opened = Pick<Lab, 'researcher' | 'fallback'>;

/** The brief's researcher, and who stands in for its model. */
export async function openResearchers(options: ThinkingOptions, now: () => string): Promise<Opened> {
  const { researcher, shares } = options.brief;
  switch (researcher) {
    case 'random':
    case 'grid':
      return { researcher: searchResearchers[researcher]() };
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

async function openModelResearcher(options: ThinkingOptions): Promise<Opened> {
  const { model } = options.brief;
  ok(model !== undefined, 'settings asked for a model');
  const { createThinkingResearcher } = await import('./thinking.ts');
  return withStandIn(options, await createThinkingResearcher(options, model));
}

async function openAgentResearcher(options: ThinkingOptions): Promise<Opened> {
  const { createAgentResearcher } = await import('./thinking.ts');
  return withStandIn(options, await createAgentResearcher(options));
}

async function withStandIn(options: ThinkingOptions, researcher: Researcher): Promise<Opened> {
  const { fallback } = options.brief;
  if (fallback === undefined) return { researcher };
  if (fallback === 'random' || fallback === 'grid') return { researcher, fallback: searchResearchers[fallback]() };
  const { createThinkingResearcher } = await import('./thinking.ts');
  return { researcher, fallback: await createThinkingResearcher(options, fallback) };
}

/** The arms that this brief and this machine have; the shares may leave some of them out. */
async function armsOf(options: ThinkingOptions): Promise<Arm[]> {
  const { brief } = options;
  const arms: Arm[] = [{ name: 'random', researcher: createRandomResearcher() }];
  arms.push({ name: 'grid', researcher: createGridResearcher(), suits: isSmallGrid });
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
