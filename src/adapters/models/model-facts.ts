/**
 * What is known of models: prices, the tokens that fit, how long a reply may be, how their cache works. The facts stand in
 * `models.json`, each provider's with its source and day; what is not known is left out there, and undefined here.
 */
import { z } from 'zod';
import { type ModelPrice, modelPriceSchema } from '../../core/base/model-usage.ts';
import modelList from './models.json' with { type: 'json' };

const tokens = z.int().positive();

/**
 * `marks`: a prefix is stored where the request marks it (Anthropic's `cache_control`). `breakpoints`: the same, in the
 * words of OpenAI's models from GPT-5.6 on. `automatic`: by itself.
 */
const cacheRules = ['marks', 'breakpoints', 'automatic'] as const;

const factsSchema = modelPriceSchema.extend({
  /** Tokens of a request and its reply together. */
  context: tokens.optional(),
  maxOutput: tokens.optional(),
  cache: z.enum(cacheRules),
  /** The shortest prefix that is stored, in tokens. */
  cacheFrom: tokens.optional(),
  /** Prices that the provider has announced, and the day from which they count. */
  next: modelPriceSchema.extend({ from: z.iso.date() }).optional(),
});

const providerSchema = z.strictObject({
  source: z.url(),
  date: z.iso.date(),
  note: z.string().optional(),
  /** Other names under which a brief may name the provider. */
  aliases: z.array(z.string()).default([]),
  models: z.record(z.string(), factsSchema),
});

const listSchema = z.strictObject({
  asOf: z.iso.date(),
  unit: z.string(),
  about: z.string(),
  free: z.record(z.string(), z.string()),
  providers: z.record(z.string(), providerSchema),
});
export type ModelList = z.infer<typeof listSchema>;

export interface ModelFacts {
  readonly price: ModelPrice;
  /** Tokens that fit, the reply included. */
  readonly context: number | undefined;
  /** Tokens that a reply may have at most. */
  readonly maxOutput: number | undefined;
  readonly cache: (typeof cacheRules)[number];
  readonly source: string;
  /** The day on which the source said so. */
  readonly date: string;
}

/** The whole list, checked. */
export const listedModels: ModelList = listSchema.parse(modelList);

/** Provider -> why its models cost nothing. */
export const freeProviders: Readonly<Record<string, string>> = listedModels.free;

/** What is listed of `provider:model` as of a day (YYYY-MM-DD); a dated release is as its model. */
export function factsOf(model: string, day: string = today()): ModelFacts | undefined {
  const [provider = '', ...rest] = model.replace(/^langchain:/, '').split(':');
  const listed = providerOf(provider);
  const name = rest.join(':');
  const key = [name, undated(name)].find((each) => listed !== undefined && Object.hasOwn(listed.models, each));
  const facts = key === undefined ? undefined : listed?.models[key];
  if (listed === undefined || facts === undefined) return undefined;
  const { context, maxOutput, cache, cacheFrom: _cacheFrom, next, ...price } = facts;
  const { source, date } = listed;
  return {
    price: next === undefined || day < next.from ? price : priceFrom(next),
    context,
    maxOutput,
    cache,
    source,
    date,
  };
}

/** Tokens that fit into the model, the reply included; undefined when unknown. */
export function contextOf(model: string): number | undefined {
  return factsOf(model)?.context;
}

/** Tokens that a reply of the model may have at most; undefined when unknown. */
export function maxOutputOf(model: string): number | undefined {
  return factsOf(model)?.maxOutput;
}

/** The name without the day of its release. */
export function undated(name: string): string {
  return name.replace(/-(\d{4}-\d{2}-\d{2}|\d{8})$/, '');
}

function providerOf(name: string): ModelList['providers'][string] | undefined {
  if (Object.hasOwn(listedModels.providers, name)) return listedModels.providers[name];
  return Object.values(listedModels.providers).find(({ aliases }) => aliases.includes(name));
}

function priceFrom({ from: _from, ...price }: ModelPrice & { readonly from: string }): ModelPrice {
  return price;
}

function today(): string {
  return new Date().toISOString().slice(0, 10);
}
