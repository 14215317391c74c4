/**
 * Turns a ModelRequest into a request of OpenAI's Responses API.
 *
 * With `store: false` the provider keeps nothing, so a reasoning model's thoughts come encrypted in its reply, and each
 * later request sends that reply back unchanged.
 */
import { createHash } from 'node:crypto';
import type { ResponseCreateParamsNonStreaming, ResponseInputItem } from 'openai/resources/responses/responses';
import type { ModelMessage, ModelRequest } from '../../../ports/model.ts';

/** The smallest limit on output tokens that the API accepts. */
const minOutputTokens = 16;

/** Older models answer 400 when asked for encrypted reasoning. */
const hasNoReasoning = /^(gpt-3|gpt-4|chatgpt-)/;

export interface ResponsesOptions {
  readonly model: string;
  readonly isDefaultHost: boolean;
}

export function toResponsesRequest(
  { system, messages, tools, maxOutputTokens }: ModelRequest,
  { model, isDefaultHost }: ResponsesOptions,
): ResponseCreateParamsNonStreaming {
  return {
    model,
    instructions: system,
    input: messages.flatMap(toItems),
    tools: tools.map(({ name, description, parameters }) => ({
      type: 'function',
      name,
      description,
      parameters: { ...parameters },
      strict: false,
    })),
    max_output_tokens: Math.max(maxOutputTokens, minOutputTokens),
    store: false,
    ...(!hasNoReasoning.test(model) && { include: ['reasoning.encrypted_content'] }),
    ...(isDefaultHost && { prompt_cache_key: cacheKey(system) }),
  };
}

function toItems(message: ModelMessage): readonly ResponseInputItem[] {
  switch (message.role) {
    case 'user':
      return [{ role: 'user', content: message.text }];
    case 'assistant':
      return Array.isArray(message.native) ? message.native : fromPlain(message);
    case 'tool':
      return message.results.map(({ callId, text, isError }) => ({
        type: 'function_call_output',
        call_id: callId,
        output: isError ? `Error: ${text}` : text,
      }));
    default:
      return message satisfies never;
  }
}

function fromPlain({ text, calls }: Extract<ModelMessage, { role: 'assistant' }>): readonly ResponseInputItem[] {
  const said: ResponseInputItem[] = text === '' ? [] : [{ role: 'assistant', content: text }];
  return [
    ...said,
    ...calls.map((call) => ({
      type: 'function_call' as const,
      call_id: call.id,
      name: call.name,
      arguments: call.rawArguments,
    })),
  ];
}

/** The same key for the same system text, so that the provider answers from the same cache. */
function cacheKey(system: string): string {
  return `nocturne-${createHash('sha256').update(system).digest('hex').slice(0, 16)}`;
}
