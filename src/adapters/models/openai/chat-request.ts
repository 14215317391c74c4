/**
 * Turns a ModelRequest into a Chat Completions request, which nearly every server understands.
 */
import type {
  ChatCompletionCreateParamsNonStreaming,
  ChatCompletionMessageParam,
} from 'openai/resources/chat/completions';
import type { ModelMessage, ModelRequest, ToolCall } from '../../../ports/model.ts';

export interface ChatOptions {
  readonly model: string;
  readonly isDefaultHost: boolean;
}

export function toChatRequest(
  { system, messages, tools, maxOutputTokens }: ModelRequest,
  { model, isDefaultHost }: ChatOptions,
): ChatCompletionCreateParamsNonStreaming {
  return {
    model,
    messages: [{ role: 'system', content: system }, ...messages.flatMap(toMessages)],
    ...(tools.length > 0 && {
      tools: tools.map(({ name, description, parameters }) => ({
        type: 'function' as const,
        function: { name, description, parameters: { ...parameters } },
      })),
    }),
    // OpenAI's newer models refuse `max_tokens`; other servers often know nothing else.
    ...(isDefaultHost ? { max_completion_tokens: maxOutputTokens } : { max_tokens: maxOutputTokens }),
  };
}

function toMessages(message: ModelMessage): readonly ChatCompletionMessageParam[] {
  switch (message.role) {
    case 'user':
      return [{ role: 'user', content: message.text }];
    case 'assistant':
      return [toAssistant(message)];
    case 'tool':
      return message.results.map(({ callId, text, isError }) => ({
        role: 'tool',
        tool_call_id: callId,
        content: isError ? `Error: ${text}` : text,
      }));
    default:
      return message satisfies never;
  }
}

/** Also sends back what the reply carried besides text and calls, such as a thought's signature. */
function toAssistant(message: Extract<ModelMessage, { role: 'assistant' }>): ChatCompletionMessageParam {
  const { extras = {}, callExtras = {} } = (message.native ?? {}) as NativeChat;
  const calls = message.calls.map((call) => ({
    ...callExtras[call.id],
    id: call.id,
    type: 'function' as const,
    function: { name: call.name, arguments: argumentsOf(call) },
  }));
  return {
    ...extras,
    role: 'assistant',
    content: message.text === '' && calls.length > 0 ? null : message.text,
    ...(calls.length > 0 && { tool_calls: calls }),
  };
}

/** Parts of a reply that only the server that wrote them understands; they are sent back unchanged. */
export interface NativeChat {
  /** Keys of the message, such as OpenRouter's `reasoning_details`. */
  readonly extras?: Readonly<Record<string, unknown>>;
  /** Keys of each call by its id, such as Gemini's `extra_content` with a thought's signature. */
  readonly callExtras?: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}

/** `{}` for arguments that are not JSON: servers parse them again, and some fail on those. */
function argumentsOf(call: ToolCall): string {
  return call.arguments === undefined ? '{}' : JSON.stringify(call.arguments);
}
