/**
 * What a model costs: the owner's own figure, else the dated list in `models.json`, else unknown.
 */
import type { ModelPrice, ModelPrices } from '../../core/base/model-usage.ts';
import { factsOf, freeProviders, listedModels, undated } from './model-facts.ts';

const free: ModelPrice = { input: 0, output: 0, cachedInput: 0, cacheWrite: 0 };

/** The date of the listed prices. */
export const pricesAsOf: string = listedModels.asOf;

/** The price of `provider:model`; undefined when neither owner nor list has one. A dated release costs as the model. */
export function priceOf(model: string, owner: ModelPrices = {}, day?: string): ModelPrice | undefined {
  const [provider = '', ...rest] = model.replace(/^langchain:/, '').split(':');
  const name = rest.join(':');
  const keys = [model, `${provider}:${name}`, name, `${provider}:${undated(name)}`, undated(name)];
  const said = keys.find((key) => Object.hasOwn(owner, key));
  if (said !== undefined) return owner[said];
  if (Object.hasOwn(freeProviders, provider)) return free;
  return factsOf(model, day)?.price;
}

/** The price of a model that is named without its provider, as coding agents name theirs. */
export function priceOfName(model: string, owner: ModelPrices = {}): ModelPrice | undefined {
  if (Object.hasOwn(owner, model)) return owner[model];
  const provider = Object.keys(listedModels.providers).find((name) => priceOf(`${name}:${model}`, owner) !== undefined);
  return provider === undefined ? undefined : priceOf(`${provider}:${model}`, owner);
}
