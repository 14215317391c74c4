/**
 * Every other provider, through LangChain's `initChatModel`. LangChain and the provider's package are imported lazily.
 */
import { ProviderError } from '../../../core/base/errors.ts';
import type { Model } from '../../../ports/model.ts';
import type { Redact } from '../../redact.ts';
import { attempt } from '../attempt.ts';
import { claudeMarks } from '../cache-marks.ts';
import { clientOptions } from '../wire-options.ts';
import { installCommand } from './install-hint.ts';
import { type LangChainMessage, toLangChainMessages, toLangChainTools } from './messages.ts';
import type { LangChainProvider } from './providers.ts';
import { fromLangChainMessage } from './reply.ts';

export interface LangChainOptions {
  readonly name: string;
  /** As `initChatModel` names it. */
  readonly providerName: string;
  readonly provider: LangChainProvider;
  readonly model: string;
  readonly key: string | undefined;
  readonly baseUrl: string | undefined;
  readonly effort: string | undefined;
  readonly redact: Redact;
}

export async function createLangChainModel(options: LangChainOptions): Promise<Model> {
  const start = await chatStarter(options);
  // LangChain takes the limit on a reply's tokens in its constructor, so there is one chat model for each limit.
  const chats = new Map<number, Promise<Chat>>();
  const chatFor = (maxOutputTokens: number): Promise<Chat> => {
    const chat = chats.get(maxOutputTokens) ?? start(maxOutputTokens);
    chats.set(maxOutputTokens, chat);
    return chat;
  };
  await chatFor(1);
  return {
    name: options.name,
    complete: (request, signal) =>
      attempt(
        {
          call: async (ending) => {
            const chat = await chatFor(request.maxOutputTokens);
            const bound = request.tools.length === 0 ? chat : chat.bindTools(toLangChainTools(request));
            const marks = options.providerName === 'anthropic' ? claudeMarks(request) : undefined;
            return bound.invoke(toLangChainMessages(request, marks), { signal: ending });
          },
          read: fromLangChainMessage,
          redact: options.redact,
          onProgress: request.onProgress,
        },
        signal,
      ),
  };
}

interface Chat {
  readonly bindTools: (tools: ReturnType<typeof toLangChainTools>) => Chat;
  readonly invoke: (messages: readonly LangChainMessage[], options: { signal: AbortSignal }) => Promise<unknown>;
}

type StartChat = (maxOutputTokens: number) => Promise<Chat>;

async function chatStarter({
  providerName,
  provider,
  model,
  key,
  baseUrl,
  effort,
  redact,
}: LangChainOptions): Promise<StartChat> {
  const { initChatModel } = await import('langchain');
  return async (maxOutputTokens) => {
    try {
      const chat: unknown = await initChatModel(model, {
        modelProvider: providerName,
        maxRetries: 0,
        ...limitOf(provider, model, maxOutputTokens),
        ...effortOf(provider, providerName, effort),
        ...(key !== undefined && { apiKey: key }),
        ...addressOf(provider, baseUrl),
      });
      return chat as Chat;
    } catch (error) {
      throw translated(error, providerName, provider, redact);
    }
  };
}

/** Models for which OpenAI's package (1.5) chooses the right name of the limit; newer ones refuse `max_tokens`. */
const isNamedRight = /^o\d|^gpt-5(?!-chat)|codex/;

function limitOf(
  { limit }: LangChainProvider,
  model: string,
  maxOutputTokens: number,
): Readonly<Record<string, unknown>> {
  if (limit !== 'maxCompletionTokens') return { [limit]: maxOutputTokens };
  return isNamedRight.test(model)
    ? { maxTokens: maxOutputTokens }
    : { modelKwargs: { max_completion_tokens: maxOutputTokens } };
}

function effortOf(
  { effort: option }: LangChainProvider,
  name: string,
  effort: string | undefined,
): Readonly<Record<string, unknown>> {
  if (effort === undefined) return {};
  if (option === undefined) throw new Error(`\`effort\` cannot be set for \`${name}\`, which LangChain speaks to`);
  return { [option]: { effort } };
}

function addressOf({ address }: LangChainProvider, baseUrl: string | undefined): Readonly<Record<string, unknown>> {
  const { maxRetries: _retries, ...quiet } = clientOptions;
  if (address === 'configuration') return { configuration: { ...quiet, ...(baseUrl && { baseURL: baseUrl }) } };
  return address !== undefined && baseUrl !== undefined ? { [address]: baseUrl } : {};
}

function translated(error: unknown, name: string, provider: LangChainProvider, redact: Redact): ProviderError {
  const said = redact(error instanceof Error ? error.message : String(error));
  const isMissing = /unable to import|cannot find (package|module)/i.test(said);
  return isMissing
    ? new ProviderError(`The provider \`${name}\` needs the package ${provider.package}, which is not installed`, {
        hint: installCommand(provider.package),
        cause: error,
      })
    : new ProviderError(`The provider \`${name}\` cannot be used: ${said.split('\n')[0]}`, { cause: error });
}
