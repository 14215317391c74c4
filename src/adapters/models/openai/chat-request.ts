/**
 * Turns a ModelRequest into a Chat Completions request, which nearly every server understands.
 */
import { createHash } from 'node:crypto';
import type {
  ChatCompletionContentPartText,
  ChatCompletionCreateParamsNonStreaming,
  ChatCompletionMessageParam,
} from 'openai/resources/chat/completions';
import type { ModelMessage, ModelRequest, ToolCall } from '../../../ports/model.ts';
import { type CacheMarks, type Lifetime, withMarks } from '../cache-marks.ts';
import { type JoinedMessage, joinNeighbours, type TextPart, textOf } from '../join-neighbours.ts';
import { type Dialect, plainDialect } from './dialect.ts';

export interface ChatOptions {
  readonly model: string;
  readonly dialect?: Dialect;
  /** Where the request is marked, and the field that marks a part; undefined for a server without marks. */
  readonly marks?: { readonly at: CacheMarks; readonly field: (lifetime: Lifetime) => object } | undefined;
  /** OpenAI's own name for the cache. */
  readonly cacheKey?: string | undefined;
  readonly effort?: string | undefined;
}

export function toChatRequest(
  { system, messages, tools, maxOutputTokens }: ModelRequest,
  { model, dialect = plainDialect, effort, marks, cacheKey }: ChatOptions,
): ChatCompletionCreateParamsNonStreaming {
  return {
    model,
    messages: withSystem(
      { text: system, mark: marks?.at.system },
      joinNeighbours(withMarks(messages, marks?.at)),
      dialect,
      contentFor(marks?.field),
    ),
    ...(tools.length > 0 && {
      tools: tools.map(({ name, description, parameters }) => ({
        type: 'function' as const,
        function: { name, description, parameters: { ...parameters } },
      })),
    }),
    [dialect.limit]: maxOutputTokens,
    ...(cacheKey !== undefined && { prompt_cache_key: cacheKey }),
    ...effortOf(effort, dialect),
  };
}

function effortOf(effort: string | undefined, dialect: Dialect): object {
  if (effort === undefined) return {};
  return dialect.effort === 'reasoning' ? { reasoning: { effort } } : { reasoning_effort: effort };
}

/** The parts of a message as its content. */
type Content = (parts: readonly TextPart[]) => string | ChatCompletionContentPartText[];

/** One text; or, where parts can be marked, a part for each in every request, so that their ends stay where they are. */
function contentFor(field: ((lifetime: Lifetime) => object) | undefined): Content {
  if (field === undefined) return textOf;
  return (parts) => parts.map(({ text, mark }) => ({ type: 'text', text, ...(mark && field(mark)) }));
}

function withSystem(
  system: TextPart,
  messages: readonly JoinedMessage[],
  dialect: Dialect,
  content: Content,
): ChatCompletionMessageParam[] {
  const [first, ...rest] = messages;
  if (dialect.system === 'in-first-message' && first?.role === 'user') {
    const opening = { ...first, parts: [system, ...first.parts] };
    return [opening, ...rest].flatMap((message) => toMessages(message, dialect, content));
  }
  return [
    { role: 'system', content: content([system]) },
    ...messages.flatMap((message) => toMessages(message, dialect, content)),
  ];
}

function toMessages(message: JoinedMessage, dialect: Dialect, content: Content): readonly ChatCompletionMessageParam[] {
  switch (message.role) {
    case 'user':
      return [{ role: 'user', content: content(message.parts) }];
    case 'assistant':
      return [toAssistant(message, dialect)];
    case 'tool':
      return message.results.map(({ callId, text, isError }, index) => ({
        role: 'tool',
        tool_call_id: idFor(callId, dialect),
        content: content([
          {
            text: isError ? `Error: ${text}` : text,
            mark: index === message.results.length - 1 ? message.mark : undefined,
          },
        ]),
      }));
    default:
      return message satisfies never;
  }
}

type AssistantMessage = Extract<ModelMessage, { role: 'assistant' }>;

/** Also sends back what the reply carried besides text and calls, such as its thoughts or a thought's signature. */
function toAssistant(message: AssistantMessage, dialect: Dialect): ChatCompletionMessageParam {
  const { extras = {}, callExtras = {} } = (message.native ?? {}) as NativeChat;
  const calls = message.calls.map((call) => ({
    ...callExtras[call.id],
    id: idFor(call.id, dialect),
    type: 'function' as const,
    function: { name: call.name, arguments: argumentsOf(call) },
  }));
  return {
    ...thoughtsOf(extras, dialect),
    role: 'assistant',
    content: message.text.trim() === '' && calls.length > 0 ? dialect.noText : message.text,
    ...(calls.length > 0 && { tool_calls: calls }),
  };
}

function idFor(id: string, { ids }: Dialect): string {
  if (ids === 'as-came' || /^[a-zA-Z0-9]{9}$/.test(id)) return id;
  return createHash('sha256').update(id).digest('hex').slice(0, 9);
}

/** The keys under which servers tell a reply's thoughts. */
const thoughtKeys = ['reasoning_content', 'reasoning', 'reasoning_details'] as const;

function thoughtsOf(extras: Readonly<Record<string, unknown>>, { reasoning }: Dialect) {
  const others = Object.fromEntries(Object.entries(extras).filter(([key]) => !isThoughtKey(key)));
  switch (reasoning) {
    case 'as-came':
      return extras;
    case 'always':
      // Kimi refuses an empty one.
      return { ...others, reasoning_content: extras.reasoning_content || extras.reasoning || ' ' };
    case 'never':
      return others;
    default:
      return reasoning satisfies never;
  }
}

function isThoughtKey(key: string): boolean {
  return thoughtKeys.some((known) => known === key);
}

/** The thoughts in a reply's message, to be sent back unchanged. Where there are details, they say it all. */
export function readThoughts(message: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  const has = (key: string) => {
    const value = message[key];
    return Array.isArray(value) ? value.length > 0 : typeof value === 'string' && value !== '';
  };
  const keys = has('reasoning_details') ? ['reasoning_details'] : thoughtKeys.filter(has);
  return Object.fromEntries(keys.map((key) => [key, message[key]]));
}

/** Parts of a reply that only the server that wrote them understands; they are sent back unchanged. */
export interface NativeChat {
  /** Keys of the message: its thoughts. */
  readonly extras?: Readonly<Record<string, unknown>>;
  /** Keys of each call by its id, such as Gemini's `extra_content` with a thought's signature. */
  readonly callExtras?: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}

/** `{}` for arguments that are not JSON: servers parse them again, and some fail on those. */
function argumentsOf(call: ToolCall): string {
  return call.arguments === undefined ? '{}' : JSON.stringify(call.arguments);
}
