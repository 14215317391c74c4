/**
 * Models behind Anthropic's Messages API.
 */
import type Anthropic from '@anthropic-ai/sdk';
import type { MessageCreateParamsNonStreaming, RawMessageStreamEvent } from '@anthropic-ai/sdk/resources/messages';
import type { Model, ModelRequest } from '../../../ports/model.ts';
import { attempt } from '../attempt.ts';
import { readStream } from '../read-stream.ts';
import { watched } from '../watch-stream.ts';
import { clientOptions, needsStream, type WireOptions } from '../wire-options.ts';
import { fromAnthropicReply, fromAnthropicUsage } from './reply.ts';
import { toAnthropicRequest } from './request.ts';
import { joinAnthropicEvents } from './stream.ts';

export async function createAnthropicModel(options: WireOptions): Promise<Model> {
  const { default: Client } = await import('@anthropic-ai/sdk');
  const client = new Client({ ...clientOptions, apiKey: options.key, baseURL: options.baseUrl });
  return {
    name: options.name,
    complete: (request, signal) => {
      const body = toAnthropicRequest(request, options.model, options.effort);
      const isStreamed = needsStream(request.maxOutputTokens);
      return attempt(
        {
          call: (ending) =>
            isStreamed
              ? stream(client, body, request.onProgress, ending)
              : client.messages.create(body, { signal: ending }),
          read: fromAnthropicReply,
          redact: options.redact,
          onProgress: request.onProgress,
        },
        signal,
      );
    },
  };
}

async function stream(
  client: Anthropic,
  body: MessageCreateParamsNonStreaming,
  tell: ModelRequest['onProgress'],
  signal: AbortSignal,
): Promise<unknown> {
  const response = await client.messages.create({ ...body, stream: true }, { signal }).asResponse();
  const { Stream } = await import('@anthropic-ai/sdk/core/streaming');
  return readStream(response, {
    eventsOf: (from, controller) => Stream.fromSSEResponse<RawMessageStreamEvent>(from, controller),
    join: (events) => joinAnthropicEvents(watched(events, tell, readEvent)),
  });
}

/** The first event announces the input. */
function readEvent(event: RawMessageStreamEvent) {
  switch (event.type) {
    case 'message_start':
      return { text: '', usage: fromAnthropicUsage(event.message.usage) };
    case 'content_block_delta':
      return { text: event.delta };
    default:
      return undefined;
  }
}
