/**
 * Where the list of models and a public list disagree.
 */
import { factsOf, listedModels } from '../../src/adapters/models/model-facts.ts';
import type { ListedModel } from './lists.ts';

/** The models of the list here, as `provider:model`. */
export function ownModels(): readonly string[] {
  return Object.entries(listedModels.providers).flatMap(([provider, { models }]) =>
    Object.keys(models).map((name) => `${provider}:${name}`),
  );
}

/** One line for each difference of a model; none where the other list does not say. */
export function differences(model: string, other: ListedModel, list: string, day: string): readonly string[] {
  const own = ownForm(model, day);
  const keys = ['input', 'cachedInput', 'write', 'hourWrite', 'output', 'context', 'maxOutput'] as const;
  const figures = keys.flatMap((key) => {
    const [here, there] = [own[key], other[key]];
    // A window that is left out here is one on which the lists disagree.
    const isLeftOut = here === undefined && (key === 'context' || key === 'maxOutput');
    return there === undefined || here === there || isLeftOut
      ? []
      : [`${key} ${here ?? 'unknown'} here, ${there} in ${list}`];
  });
  const [here, there] = [tierText(own.above), tierText(other.above)];
  const tiers = other.above === undefined || here === there ? [] : [`${here} here, ${there} in ${list}`];
  return [...figures, ...tiers].map((text) => `${model}: ${text}`);
}

function ownForm(model: string, day: string): ListedModel {
  const facts = factsOf(model, day);
  if (facts === undefined) throw new Error(`${model} is not listed`);
  const { price, cache, context, maxOutput } = facts;
  const isShort = price.shortCacheWrite !== undefined;
  return {
    input: price.input,
    cachedInput: price.cachedInput,
    // What is written by itself costs what any input does, and no list says so.
    write: cache === 'automatic' ? undefined : (price.shortCacheWrite ?? price.cacheWrite),
    hourWrite: isShort ? price.cacheWrite : undefined,
    output: price.output,
    above: price.above
      ? {
          inputTokens: price.above.inputTokens,
          input: round(price.input * price.above.input),
          output: round(price.output * price.above.output),
        }
      : null,
    context,
    maxOutput,
  };
}

function tierText(above: ListedModel['above']): string {
  return above ? `${above.input} and ${above.output} above ${above.inputTokens} tokens` : 'no tier';
}

function round(value: number): number {
  return Number(value.toPrecision(8));
}
