/** A model in memory: its replies are a list, or a function of the request. */
import type { Model, ModelAnswer, ModelFault, ModelReply, ModelRequest, ToolCall } from '../../src/ports/model.ts';

export interface ScriptedModel extends Model {
  readonly requests: readonly ModelRequest[];
}

const usage = { uncachedInput: 100, cachedInput: 900, cacheWrite: 0, output: 50 };
let calls = 0;

/** A call of one tool. */
export function call(name: string, args: Readonly<Record<string, unknown>> = {}): ToolCall {
  calls += 1;
  return { id: `call-${calls}`, name, arguments: args, rawArguments: JSON.stringify(args) };
}

export function answer(...toolCalls: readonly ToolCall[]): ModelAnswer {
  return { kind: 'answer', text: '', calls: toolCalls, usage, model: 'scripted-1' };
}

export function says(text: string): ModelAnswer {
  return { kind: 'answer', text, calls: [], usage, model: 'scripted-1' };
}

export function fault(action: ModelFault['action'], code: ModelFault['code'], message: string = code): ModelFault {
  return { kind: 'fault', action, code, message, ...(action === 'repair' ? { usage } : {}) };
}

/** Replies in this order, or as the function says; the list's end is a bug of the test. */
export function scriptedModel(script: readonly ModelReply[] | ((request: ModelRequest) => ModelReply)): ScriptedModel {
  const requests: ModelRequest[] = [];
  return {
    name: 'scripted:test',
    requests,
    complete: async (request) => {
      requests.push(request);
      const reply = typeof script === 'function' ? script(request) : script[requests.length - 1];
      if (!reply) throw new Error(`the script has no reply ${requests.length}`);
      return reply;
    },
  };
}

/** Everything that a request says, in the order in which providers see it. */
export function textOf({ system, tools, messages }: ModelRequest): string {
  const parts = messages.map((message) => {
    if (message.role === 'tool') return message.results.map((result) => result.text).join('\n');
    return message.role === 'user' ? message.text : message.text + JSON.stringify(message.calls);
  });
  return [JSON.stringify(tools), system, ...parts].join('\n');
}
