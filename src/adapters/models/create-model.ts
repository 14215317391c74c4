/**
 * Makes a Model from the `provider:model` of a brief. A missing key or a wrong setting is one ProviderError that says
 * what to set.
 */

import { ProviderError } from '../../core/base/errors.ts';
import { nearestName } from '../../core/base/nearest-name.ts';
import { createSecrets, type Secrets } from '../../core/base/secrets.ts';
import type { Model } from '../../ports/model.ts';
import { createRedactor, secretValues } from '../redact.ts';
import { createAnthropicModel } from './anthropic/anthropic.ts';
import { createFittingModel } from './fitting-model.ts';
import { createLangChainModel } from './langchain/langchain.ts';
import { type LangChainProvider, langChainProviders } from './langchain/providers.ts';
import { withMaskedSecrets } from './masked.ts';
import { contextOf, maxOutputOf } from './model-facts.ts';
import { createOpenAIChatModel } from './openai/chat.ts';
import { createOpenAIResponsesModel } from './openai/responses.ts';
import { type OpenAIApi, type Provider, providers } from './providers.ts';
import { type Environment, readKey } from './read-key.ts';
import { createScriptedModel } from './scripted-model.ts';
import { type AskedServer, readServerWindow } from './server-window.ts';
import { withTidyCalls } from './tidy-calls.ts';
import { withWellFormedText } from './well-formed.ts';

export interface ModelSettings {
  /** `provider:model`, `langchain:provider:model` to insist on LangChain, or `scripted:FILE`. */
  readonly model: string;
  readonly baseUrl?: string | undefined;
  readonly api?: OpenAIApi | undefined;
  /** Reasoning effort, as the provider names it. */
  readonly effort?: string | undefined;
  /** Tokens that fit the model, where the owner knows better than list and server. */
  readonly context?: number | undefined;
  readonly environment: Environment;
  /** What hides secrets in requests; by default it knows those of the environment alone. */
  readonly secrets?: Secrets | undefined;
  /** Told what the owner should know of the server, once; must not throw. */
  readonly tell?: ((line: string) => void) | undefined;
}

/** The model that a brief names, ready to be called; no call is made yet. */
export async function createModel(settings: ModelSettings): Promise<Model> {
  const { provider, model } = splitName(settings.model);
  const secrets = settings.secrets ?? createSecrets(secretValues(settings.environment));
  const created =
    provider === 'scripted'
      ? await createScriptedModel({ path: model })
      : fitting(settings, provider, await createReal(settings, provider, model));
  return withMaskedSecrets(withWellFormedText(created), secrets);
}

/** The model, asked for replies that fit. */
function fitting({ model, context, tell }: ModelSettings, provider: string, { chat, server }: RealModel): Model {
  return createFittingModel(chat, {
    known: { context: context ?? contextOf(model), maxOutput: maxOutputOf(model) },
    ask: server && ((signal) => readServerWindow(server, signal)),
    isOllama: provider === 'ollama',
    tell,
  });
}

/** The variables that may hold the key of this model's provider; none for an unknown provider. */
export function keyVariablesOf(name: string): readonly string[] {
  const { provider, model } = splitName(name);
  if (provider === 'langchain') return langChainProviders[splitName(model).provider]?.keyVariables ?? [];
  return (providers[provider] ?? langChainProviders[provider])?.keyVariables ?? [];
}

/** A model, and the chat server behind it, which may say what fits. */
interface RealModel {
  readonly chat: Model;
  readonly server?: AskedServer;
}

async function createReal(settings: ModelSettings, provider: string, model: string): Promise<RealModel> {
  if (provider === 'langchain') {
    const inner = splitName(model);
    return { chat: await viaLangChain(settings, inner.provider, inner.model) };
  }
  const direct = Object.hasOwn(providers, provider) ? providers[provider] : undefined;
  if (direct === undefined) return { chat: await viaLangChain(settings, provider, model) };
  return await directly(settings, provider, direct, model);
}

async function directly(
  settings: ModelSettings,
  providerName: string,
  provider: Provider,
  model: string,
): Promise<RealModel> {
  const baseUrl = baseUrlOf(settings, providerName, provider);
  const isDefaultHost = provider.wire === 'anthropic' ? hostOf(baseUrl) === 'api.anthropic.com' : isOpenAIHost(baseUrl);
  const key = await readKey(provider.keyVariables, settings.environment);
  const isOwnServer = baseUrl !== provider.baseUrl && provider.baseUrl !== undefined;
  if (key === undefined && provider.isKeyNeeded && !isOwnServer)
    throw missingKey(providerName, provider.keyVariables, provider.keyHint);
  const options = {
    name: settings.model,
    model,
    key: key ?? 'none',
    baseUrl,
    isDefaultHost,
    effort: settings.effort,
    redact: createRedactor(settings.environment, key === undefined ? [] : [key]),
  };
  if (provider.wire === 'anthropic') {
    if (settings.api !== undefined)
      throw new ProviderError(`\`api: ${settings.api}\` is for OpenAI's protocol, and \`anthropic\` has its own`);
    return { chat: await createAnthropicModel(options) };
  }
  const api = settings.api ?? provider.api ?? (isDefaultHost ? 'responses' : 'chat');
  if (api === 'responses')
    return { chat: withTidyCalls(await createOpenAIResponsesModel(options), { keepsNative: false }) };
  const chat = withTidyCalls(await createOpenAIChatModel(options, provider.dialect), { keepsNative: true });
  return isDefaultHost ? { chat } : { chat, server: { baseUrl, model, key: options.key } };
}

async function viaLangChain(settings: ModelSettings, providerName: string, model: string): Promise<Model> {
  const provider = Object.hasOwn(langChainProviders, providerName) ? langChainProviders[providerName] : undefined;
  if (provider === undefined) throw unknownProvider(providerName);
  if (settings.api !== undefined)
    throw new ProviderError(
      `\`api: ${settings.api}\` cannot be set for \`${providerName}\`, which LangChain speaks to`,
    );
  const baseUrl = addressOf(settings, providerName, provider);
  const key = await readKey(provider.keyVariables, settings.environment);
  if (key === undefined && provider.keyVariables.length > 0) throw missingKey(providerName, provider.keyVariables);
  const chat = await createLangChainModel({
    name: settings.model,
    providerName,
    provider,
    model,
    key,
    baseUrl,
    effort: settings.effort,
    redact: createRedactor(settings.environment, key === undefined ? [] : [key]),
  });
  return withTidyCalls(chat, { keepsNative: false });
}

/** The address that the brief or the environment gives; refused where the package would send everything elsewhere. */
function addressOf({ baseUrl, environment }: ModelSettings, name: string, provider: LangChainProvider) {
  const variable = provider.addressVariable ?? '';
  const said = environment[variable]?.trim();
  const [where, address] = baseUrl !== undefined ? ['base_url', baseUrl] : [variable, said];
  if (!address) return undefined;
  if (provider.address === undefined) {
    throw new ProviderError(
      `\`${where}\` cannot be set for \`${name}\`, whose package ${provider.package} takes none`,
      { hint: 'A server that speaks the protocol of OpenAI can be named as `openai:MODEL`, with this address.' },
    );
  }
  return checkedUrl(address, where);
}

function splitName(name: string): { readonly provider: string; readonly model: string } {
  const [, provider, model] = /^([a-z][a-z0-9_-]*):(.+)$/.exec(name) ?? [];
  if (provider !== undefined && model !== undefined) return { provider, model };
  throw new ProviderError(`\`model\` must be provider:model, such as anthropic:claude-sonnet-5-5, found \`${name}\``);
}

function unknownProvider(name: string): ProviderError {
  const known = [...Object.keys(providers), ...Object.keys(langChainProviders)];
  const nearest = nearestName(name, known);
  return new ProviderError(
    `There is no provider \`${name}\`${nearest === undefined ? '' : `; did you mean \`${nearest}\`?`}`,
    {
      hint: `Known: ${[...new Set(known)].join(', ')}.`,
    },
  );
}

function missingKey(provider: string, variables: readonly string[], hint?: string): ProviderError {
  const [variable = ''] = variables;
  return new ProviderError(`The provider \`${provider}\` needs a key, and ${variable} is not set`, {
    hint: hint ?? `Set ${variable}, or ${variable}_FILE or NOCTURNE_KEY_FILE to a file that holds it.`,
  });
}

function baseUrlOf({ baseUrl, environment }: ModelSettings, name: string, provider: Provider): string {
  if (baseUrl !== undefined) return checkedUrl(baseUrl, 'base_url');
  const variable = provider.baseUrlVariable;
  const said = environment[variable]?.trim();
  if (said) return checkedUrl(`${said.replace(/\/+$/, '')}${provider.baseUrlSuffix ?? ''}`, variable);
  if (provider.baseUrl !== undefined) return provider.baseUrl;
  throw new ProviderError(`The provider \`${name}\` needs an address, and ${variable} is not set`);
}

/** The address without slashes at its end; throws for one with a password, which would end up in messages. */
function checkedUrl(text: string, where: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || !/^https?:$/.test(url.protocol)) {
    throw new ProviderError(`${where} must be an address such as http://localhost:11434/v1, found \`${text}\``);
  }
  if (url.username !== '' || url.password !== '') {
    throw new ProviderError(`${where} must not hold a user name or a password; keys belong into the environment`);
  }
  return text.replace(/\/+$/, '');
}

function hostOf(url: string): string {
  return new URL(url).hostname;
}

function isOpenAIHost(url: string): boolean {
  return hostOf(url) === 'api.openai.com' || hostOf(url).endsWith('.api.openai.com');
}
