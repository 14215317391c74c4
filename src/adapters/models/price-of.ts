/**
 * What a model costs: the owner's own figure, else the dated list in `prices.json`, else unknown.
 */
import { type ModelPrice, type ModelPrices, modelPricesSchema } from '../../core/base/model-usage.ts';
import priceList from './prices.json' with { type: 'json' };

const free: ModelPrice = { input: 0, output: 0, cachedInput: 0, cacheWrite: 0 };
const listed = modelPricesSchema.parse(priceList.models);

/** The date of the listed prices. */
export const pricesAsOf: string = priceList.asOf;

/** The price of `provider:model`; undefined when neither owner nor list has one. A dated release costs as the model. */
export function priceOf(model: string, owner: ModelPrices = {}): ModelPrice | undefined {
  const [provider = '', ...rest] = model.replace(/^langchain:/, '').split(':');
  const name = rest.join(':');
  const undated = name.replace(/-(\d{4}-\d{2}-\d{2}|\d{8})$/, '');
  const keys = [model, `${provider}:${name}`, name, `${provider}:${undated}`, undated];
  const said = keys.find((key) => Object.hasOwn(owner, key));
  if (said !== undefined) return owner[said];
  if (Object.hasOwn(priceList.free, provider)) return free;
  return listed[`${provider}:${name}`] ?? listed[`${provider}:${undated}`];
}

/** The price of a model that is named without its provider, as coding agents name theirs. */
export function priceOfName(model: string, owner: ModelPrices = {}): ModelPrice | undefined {
  if (Object.hasOwn(owner, model)) return owner[model];
  const provider = Object.keys(listed)
    .map((key) => key.slice(0, key.indexOf(':')))
    .find((name) => priceOf(`${name}:${model}`, owner) !== undefined);
  return provider === undefined ? undefined : priceOf(`${provider}:${model}`, owner);
}
