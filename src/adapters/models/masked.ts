/**
 * The redactor at the model's door: no text of a request leaves with a secret in it, whoever wrote it.
 *
 * A secret's mark is the same in every request. Replies are left as they are: the researcher puts secrets back where an
 * edit quotes a mark.
 */
import type { Secrets } from '../../core/base/secrets.ts';
import type { Model, ModelMessage, ModelRequest, ModelTool, ToolCall } from '../../ports/model.ts';

export function withMaskedSecrets(model: Model, { learn, mask }: Pick<Secrets, 'learn' | 'mask'>): Model {
  return {
    name: model.name,
    complete: (request, signal) => {
      // First all texts: a value may stand in one without the name that shows in another what it is.
      textsOf(request).forEach(learn);
      return model.complete(
        {
          ...request,
          system: mask(request.system),
          messages: request.messages.map((message) => maskMessage(message, mask)),
          tools: request.tools.map((tool) => maskTool(tool, mask)),
        },
        signal,
      );
    },
  };
}

type Mask = Secrets['mask'];

function textsOf({ system, messages }: ModelRequest): readonly string[] {
  const said = messages.flatMap((message) =>
    message.role === 'tool' ? message.results.map(({ text }) => text) : [message.text],
  );
  return [system, ...said];
}

function maskMessage(message: ModelMessage, mask: Mask): ModelMessage {
  switch (message.role) {
    case 'user':
      return { ...message, text: mask(message.text) };
    case 'assistant': {
      const { native, ...said } = message;
      // What only the adapter understands is kept as it came, or left out: the plain text and calls say the same.
      const isClean = native === undefined || isUnchanged(native, mask);
      return {
        ...said,
        text: mask(message.text),
        calls: message.calls.map((call) => maskCall(call, mask)),
        ...(isClean && native !== undefined && { native }),
      };
    }
    case 'tool':
      return { ...message, results: message.results.map((result) => ({ ...result, text: mask(result.text) })) };
    default:
      return message satisfies never;
  }
}

function maskCall(call: ToolCall, mask: Mask): ToolCall {
  const parsed = call.arguments && (maskDeep(call.arguments, mask) as ToolCall['arguments']);
  return { ...call, arguments: parsed, rawArguments: mask(call.rawArguments) };
}

function maskTool(tool: ModelTool, mask: Mask): ModelTool {
  const parameters = maskDeep(tool.parameters, mask) as ModelTool['parameters'];
  return { ...tool, description: mask(tool.description), parameters };
}

function maskDeep(value: unknown, mask: Mask): unknown {
  if (typeof value === 'string') return mask(value);
  if (Array.isArray(value)) return value.map((item) => maskDeep(item, mask));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, maskDeep(inner, mask)]));
}

function isUnchanged(native: unknown, mask: Mask): boolean {
  const text = JSON.stringify(native) ?? '';
  return mask(text) === text;
}
