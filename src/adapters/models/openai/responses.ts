/**
 * Models behind OpenAI's Responses API.
 */
import type OpenAI from 'openai';
import type { ResponseCreateParamsNonStreaming, ResponseStreamEvent } from 'openai/resources/responses/responses';
import type { Model, ModelRequest } from '../../../ports/model.ts';
import { attempt } from '../attempt.ts';
import { readStream } from '../read-stream.ts';
import { watched } from '../watch-stream.ts';
import { needsStream, type WireOptions } from '../wire-options.ts';
import { createBreakpointChooser, hasBreakpoints } from './breakpoints.ts';
import { createOpenAIClient } from './client.ts';
import { fromResponsesReply } from './responses-reply.ts';
import { toResponsesRequest } from './responses-request.ts';

export async function createOpenAIResponsesModel(options: WireOptions): Promise<Model> {
  const client = await createOpenAIClient(options);
  const choose = options.isDefaultHost && hasBreakpoints(options.model) ? createBreakpointChooser() : undefined;
  return {
    name: options.name,
    complete: (request, signal) => {
      const body = toResponsesRequest(request, options, choose?.(request));
      const isStreamed = needsStream(request.maxOutputTokens);
      return attempt(
        {
          call: (ending) =>
            isStreamed
              ? stream(client, body, request.onProgress, ending)
              : client.responses.create(body, { signal: ending }),
          read: fromResponsesReply,
          redact: options.redact,
          onProgress: request.onProgress,
        },
        signal,
      );
    },
  };
}

async function stream(
  client: OpenAI,
  body: ResponseCreateParamsNonStreaming,
  tell: ModelRequest['onProgress'],
  signal: AbortSignal,
): Promise<unknown> {
  const response = await client.responses.create({ ...body, stream: true }, { signal }).asResponse();
  const { Stream } = await import('openai/core/streaming');
  return readStream(response, {
    eventsOf: (from, controller) => Stream.fromSSEResponse<ResponseStreamEvent>(from, controller),
    join: (events) => lastResponse(watched(events, tell, readEvent)),
  });
}

function readEvent(event: ResponseStreamEvent) {
  if (event.type === 'error' || event.type === 'response.failed') return undefined;
  return { text: 'delta' in event ? event.delta : '' };
}

/** The whole reply is in the last event; a stream without one was cut off, and throws. */
async function lastResponse(events: AsyncIterable<ResponseStreamEvent>): Promise<unknown> {
  for await (const event of events) {
    switch (event.type) {
      case 'response.completed':
      case 'response.incomplete':
      case 'response.failed':
        return event.response;
      case 'error':
        return { error: { code: event.code, message: event.message } };
    }
  }
  throw new Error('terminated');
}
