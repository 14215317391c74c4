/**
 * Our request as LangChain's messages and tools, in the plain form that it takes for its own classes.
 */
import type { ModelMessage, ModelRequest } from '../../../ports/model.ts';

/** What `invoke` takes in place of a message object, or a message object that it gave us. */
export type LangChainMessage = Readonly<Record<string, unknown>> | object;

export function toLangChainMessages({ system, messages }: ModelRequest): readonly LangChainMessage[] {
  const said = messages.flatMap(toMessages);
  return system === '' ? said : [{ role: 'system', content: system }, ...said];
}

/** Tools in OpenAI's form, which every provider's package understands. */
export function toLangChainTools({ tools }: ModelRequest) {
  return tools.map(({ name, description, parameters }) => ({
    type: 'function' as const,
    function: { name, description, parameters: { ...parameters } },
  }));
}

function toMessages(message: ModelMessage): readonly LangChainMessage[] {
  switch (message.role) {
    case 'user':
      return [{ role: 'user', content: message.text }];
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

/** A message object is handed back as it came, unless a call in it could not be read: providers parse those again. */
function toAssistant({ text, calls, native }: Extract<ModelMessage, { role: 'assistant' }>): LangChainMessage {
  const isReadable = calls.every((call) => call.arguments !== undefined);
  if (isReadable && typeof native === 'object' && native !== null) return native;
  return {
    role: 'assistant',
    content: text,
    tool_calls: calls.map((call) => ({ type: 'tool_call', id: call.id, name: call.name, args: call.arguments ?? {} })),
  };
}
