/**
 * Turns a ModelRequest into LangChain's messages and tools, as plain objects, which it accepts in place of its classes.
 */
import type { ModelMessage, ModelRequest, ToolResult } from '../../../ports/model.ts';
import { type CacheMarks, cacheControl, type Lifetime, withMarks } from '../cache-marks.ts';
import { type JoinedMessage, joinNeighbours, textOf } from '../join-neighbours.ts';

/** A plain object that `invoke` accepts as a message, or a message object that it returned earlier. */
export type LangChainMessage = Readonly<Record<string, unknown>> | object;

/** `marks` for Anthropic's models, whose package hands content blocks on as they are. */
export function toLangChainMessages(
  { system, messages }: ModelRequest,
  marks?: CacheMarks,
): readonly LangChainMessage[] {
  const joined = joinNeighbours(withMarks(messages, marks));
  const said = joined.flatMap((message) => (marks === undefined ? toMessages(message) : toBlocks(message)));
  const content = marks === undefined ? system : [textBlock(system, marks.system)];
  return system === '' ? said : [{ role: 'system', content }, ...said];
}

/** The messages in Anthropic's blocks. */
function toBlocks(message: JoinedMessage): readonly LangChainMessage[] {
  switch (message.role) {
    case 'user':
      return [{ role: 'user', content: message.parts.map(({ text, mark }) => textBlock(text, mark)) }];
    case 'assistant':
      return [toAssistant(message)];
    case 'tool': {
      const last = message.results.length - 1;
      const blocks = message.results.map((result, index) =>
        resultBlock(result, index === last ? message.mark : undefined),
      );
      return [{ role: 'user', content: blocks }];
    }
    default:
      return message satisfies never;
  }
}

function textBlock(text: string, mark: Lifetime | undefined) {
  return { type: 'text', text, ...(mark && cacheControl(mark)) };
}

/** A block of the user's: the package drops a mark on a message of the role `tool`. */
function resultBlock({ callId, text, isError }: ToolResult, mark: Lifetime | undefined) {
  return {
    type: 'tool_result',
    tool_use_id: callId,
    content: text,
    is_error: isError,
    ...(mark && cacheControl(mark)),
  };
}

/** Tools in OpenAI's form, which every provider's package understands. */
export function toLangChainTools({ tools }: ModelRequest) {
  return tools.map(({ name, description, parameters }) => ({
    type: 'function' as const,
    function: { name, description, parameters: { ...parameters } },
  }));
}

function toMessages(message: JoinedMessage): readonly LangChainMessage[] {
  switch (message.role) {
    case 'user':
      return [{ role: 'user', content: textOf(message.parts) }];
    case 'assistant':
      return [toAssistant(message)];
    case 'tool':
      return message.results.map(({ callId, text, isError }) => ({
        role: 'tool',
        tool_call_id: callId,
        content: text,
        status: isError ? 'error' : 'success',
      }));
    default:
      return message satisfies never;
  }
}

/** Sends LangChain's own message object back, unless a call in it is not JSON, since providers parse calls again. */
function toAssistant({ text, calls, native }: Extract<ModelMessage, { role: 'assistant' }>): LangChainMessage {
  const isReadable = calls.every((call) => call.arguments !== undefined);
  if (isReadable && typeof native === 'object' && native !== null) return native;
  return {
    role: 'assistant',
    content: text,
    tool_calls: calls.map((call) => ({ type: 'tool_call', id: call.id, name: call.name, args: call.arguments ?? {} })),
  };
}
