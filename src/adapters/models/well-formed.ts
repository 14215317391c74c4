/**
 * Replaces half characters (lone surrogates, as cutting a log can leave) in a request: providers answer 400 to the
 * whole request because of one.
 */
import type { Model, ModelMessage } from '../../ports/model.ts';

export function withWellFormedText(model: Model): Model {
  return {
    name: model.name,
    complete: (request, signal) =>
      model.complete(
        { ...request, system: wellFormed(request.system), messages: request.messages.map(wellFormedMessage) },
        signal,
      ),
  };
}

function wellFormedMessage(message: ModelMessage): ModelMessage {
  switch (message.role) {
    case 'user':
    case 'assistant':
      return { ...message, text: wellFormed(message.text) };
    case 'tool':
      return { ...message, results: message.results.map((result) => ({ ...result, text: wellFormed(result.text) })) };
    default:
      return message satisfies never;
  }
}

/** Encoding to UTF-8 turns a lone surrogate into U+FFFD. */
function wellFormed(text: string): string {
  return Buffer.from(text, 'utf8').toString('utf8');
}
