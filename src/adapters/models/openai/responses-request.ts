/**
 * Turns a ModelRequest into a request of OpenAI's Responses API.
 *
 * With `store: false` the provider keeps nothing, so a reasoning model's thoughts come encrypted in its reply, and each
 * later request sends that reply back unchanged.
 */
import { createHash } from 'node:crypto';
import type {
  ResponseCreateParamsNonStreaming,
  ResponseInputItem,
  ResponseInputText,
} from 'openai/resources/responses/responses';
import type { ModelMessage, ModelRequest } from '../../../ports/model.ts';
import type { CacheMarks } from '../cache-marks.ts';
import { breakpoint } from './breakpoints.ts';

/** The smallest limit on output tokens that the API accepts. */
const minOutputTokens = 16;

/** Older models answer 400 when asked for encrypted reasoning. */
const hasNoReasoning = /^(gpt-3|gpt-4|chatgpt-)/;

export interface ResponsesOptions {
  readonly model: string;
  readonly isDefaultHost: boolean;
  readonly effort?: string | undefined;
}

/** The request; `breakpoints` are given for a model that has them, and then each text is a part that can be marked. */
export function toResponsesRequest(
  { system, messages, tools, maxOutputTokens }: ModelRequest,
  { model, isDefaultHost, effort }: ResponsesOptions,
  breakpoints?: CacheMarks,
): ResponseCreateParamsNonStreaming {
  return {
    model,
    ...(breakpoints === undefined
      ? { instructions: system, input: messages.flatMap((message) => toItems(message, plain)) }
      : { input: withBreakpoints(system, messages, breakpoints) }),
    tools: tools.map(({ name, description, parameters }) => ({
      type: 'function',
      name,
      description,
      parameters: { ...parameters },
      strict: false,
    })),
    max_output_tokens: Math.max(maxOutputTokens, minOutputTokens),
    store: false,
    ...effortOf(effort),
    ...(!hasNoReasoning.test(model) && { include: ['reasoning.encrypted_content'] }),
    ...(isDefaultHost && { prompt_cache_key: cacheKey(system) }),
  };
}

/** The owner's word goes out as it is: which levels there are depends on the model. */
function effortOf(effort: string | undefined): object {
  return effort === undefined ? {} : { reasoning: { effort } };
}

/** A text as it is sent; `isEnd` for the last one of a message. */
type Render = (text: string, isEnd: boolean) => string | ResponseInputText[];

const plain: Render = (text) => text;

/** The system text is an item of its own, since `instructions` cannot be marked. */
function withBreakpoints(system: string, messages: readonly ModelMessage[], marked: CacheMarks): ResponseInputItem[] {
  const render =
    (isMarked: boolean): Render =>
    (text, isEnd) => [{ type: 'input_text', text, ...(isMarked && isEnd && breakpoint) }];
  return [
    { role: 'developer', content: render(marked.system !== undefined)(system, true) },
    ...messages.flatMap((message, index) => toItems(message, render(marked.messages.has(index)))),
  ];
}

function toItems(message: ModelMessage, render: Render): readonly ResponseInputItem[] {
  switch (message.role) {
    case 'user':
      return [{ role: 'user', content: render(message.text, true) }];
    case 'assistant':
      return Array.isArray(message.native) ? message.native : fromPlain(message);
    case 'tool':
      return message.results.map(({ callId, text, isError }, index) => ({
        type: 'function_call_output',
        call_id: callId,
        output: render(isError ? `Error: ${text}` : text, index === message.results.length - 1),
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
export function cacheKey(system: string): string {
  return `nocturne-${createHash('sha256').update(system).digest('hex').slice(0, 16)}`;
}
