/**
 * The public lists of model prices, each read into one form. What a list does not say of a model is left out, and a price
 * of 0 counts as not said.
 */
import { z } from 'zod';

/** What a list says of a model: US dollars for a million tokens, and tokens. */
export interface ListedModel {
  readonly input?: number | undefined;
  readonly cachedInput?: number | undefined;
  /** A write of the cache for minutes, and for an hour. */
  readonly write?: number | undefined;
  readonly hourWrite?: number | undefined;
  readonly output?: number | undefined;
  /** The whole request's price above this number of tokens; null where the list has no such tier. */
  readonly above?: { readonly inputTokens: number; readonly input: number; readonly output: number } | null | undefined;
  readonly context?: number | undefined;
  readonly maxOutput?: number | undefined;
}

export interface PriceList {
  readonly name: string;
  readonly url: string;
  /** `provider:model` -> what it says; undefined for a text of another shape. */
  readonly read: (raw: unknown) => ReadonlyMap<string, ListedModel> | undefined;
}

const price = z.number().optional();
const cost = z.looseObject({ input: price, output: price, cache_read: price, cache_write: price });

const modelsDevSchema = z.record(
  z.string(),
  z.looseObject({
    models: z.record(
      z.string(),
      z.looseObject({
        cost: cost
          .extend({ tiers: z.array(cost.extend({ tier: z.looseObject({ size: z.number() }) })).optional() })
          .optional(),
        limit: z.looseObject({ context: price, output: price }).optional(),
      }),
    ),
  }),
);

const modelsDev: PriceList = {
  name: 'models.dev',
  url: 'https://models.dev/api.json',
  read: (raw) => {
    const parsed = modelsDevSchema.safeParse(raw);
    if (!parsed.success) return undefined;
    const rows = Object.entries(parsed.data).flatMap(([provider, { models }]) =>
      Object.entries(models).map(([name, { cost: asked, limit }]): [string, ListedModel] => {
        const [tier] = asked?.tiers ?? [];
        const tierless = asked === undefined ? undefined : null;
        const listed = {
          input: said(asked?.input),
          cachedInput: said(asked?.cache_read),
          write: said(asked?.cache_write),
          output: said(asked?.output),
          above: tier === undefined ? tierless : tierOf(tier.tier.size, tier.input, tier.output),
          context: said(limit?.context),
          maxOutput: said(limit?.output),
        };
        return [`${provider}:${name}`, listed];
      }),
    );
    return new Map(rows);
  },
};

const perToken = z.union([z.number(), z.string()]).optional();

const liteLlmSchema = z.record(z.string(), z.looseObject({ litellm_provider: z.string().optional() }));

/** LiteLLM's name of a provider -> ours; its own models' names begin with it, but for the first two. */
const liteLlmProviders: Readonly<Record<string, string>> = {
  openai: 'openai',
  anthropic: 'anthropic',
  gemini: 'google',
  deepseek: 'deepseek',
  xai: 'xai',
  mistral: 'mistral',
  openrouter: 'openrouter',
  groq: 'groq',
};

const liteLlm: PriceList = {
  name: 'LiteLLM',
  url: 'https://raw.githubusercontent.com/BerriAI/litellm/main/model_prices_and_context_window.json',
  read: (raw) => {
    const parsed = liteLlmSchema.safeParse(raw);
    if (!parsed.success || Object.values(parsed.data).every((row) => row.litellm_provider === undefined))
      return undefined;
    const rows = Object.entries(parsed.data).flatMap(([key, row]): [string, ListedModel][] => {
      const theirs = row.litellm_provider ?? '';
      const provider = liteLlmProviders[theirs];
      if (provider === undefined) return [];
      const name = key.startsWith(`${theirs}/`) ? key.slice(theirs.length + 1) : key;
      return [[`${provider}:${name}`, liteLlmModel(row)]];
    });
    return new Map(rows);
  },
};

function liteLlmModel(row: Readonly<Record<string, unknown>>): ListedModel {
  const of = (key: string) => {
    const value = row[key];
    return typeof value === 'number' ? said(value * 1e6) : undefined;
  };
  const [, thousands] =
    Object.keys(row)
      .join('\n')
      .match(/^input_cost_per_token_above_(\d+)k_tokens$/m) ?? [];
  return {
    input: of('input_cost_per_token'),
    cachedInput: of('cache_read_input_token_cost'),
    write: of('cache_creation_input_token_cost'),
    hourWrite: of('cache_creation_input_token_cost_above_1hr'),
    output: of('output_cost_per_token'),
    above:
      thousands === undefined
        ? null
        : tierOf(
            Number(thousands) * 1000,
            of(`input_cost_per_token_above_${thousands}k_tokens`),
            of(`output_cost_per_token_above_${thousands}k_tokens`),
          ),
  };
}

const openRouterSchema = z.looseObject({
  data: z.array(
    z.looseObject({
      id: z.string(),
      pricing: z.looseObject({
        prompt: perToken,
        completion: perToken,
        input_cache_read: perToken,
        input_cache_write: perToken,
      }),
      context_length: z.number().nullish(),
      top_provider: z.looseObject({ max_completion_tokens: z.number().nullish() }).nullish(),
    }),
  ),
});

const openRouter: PriceList = {
  name: 'OpenRouter',
  url: 'https://openrouter.ai/api/v1/models',
  read: (raw) => {
    const parsed = openRouterSchema.safeParse(raw);
    if (!parsed.success) return undefined;
    const million = (text: number | string | undefined) => said(text === undefined ? undefined : Number(text) * 1e6);
    const rows = parsed.data.data.map(({ id, pricing, context_length, top_provider }): [string, ListedModel] => [
      `openrouter:${id}`,
      {
        input: million(pricing.prompt),
        cachedInput: million(pricing.input_cache_read),
        write: million(pricing.input_cache_write),
        output: million(pricing.completion),
        context: said(context_length ?? undefined),
        maxOutput: said(top_provider?.max_completion_tokens ?? undefined),
      },
    ]);
    return new Map(rows);
  },
};

export const priceLists: readonly PriceList[] = [modelsDev, openRouter, liteLlm];

function said(value: number | undefined): number | undefined {
  // Prices for a token have more digits than a price for a million can have.
  return value === undefined || value === 0 ? undefined : Number(value.toPrecision(8));
}

function tierOf(inputTokens: number, input: number | undefined, output: number | undefined): ListedModel['above'] {
  return input === undefined || output === undefined ? null : { inputTokens, input, output };
}
