/**
 * Turns a ModelRequest into LangChain's messages and tools, as plain objects, which it accepts in place of its classes.
 */
import type { ModelMessage, ModelRequest } from '../../../ports/model.ts';
import { type JoinedMessage, joinNeighbours, textOf } from '../join-neighbours.ts';

/** A plain object that `invoke` accepts as a message, or a message object that it returned earlier. */
export type LangChainMessage = Readonly<Record<string, unknown>> | object;

export function toLangChainMessages({ system, messages }: ModelRequest): readonly LangChainMessage[] {
  const said = joinNeighbours(messages).flatMap(toMessages);
  return system === '' ? said : [{ role: 'system', content: system }, ...said];
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
