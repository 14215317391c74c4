/**
 * Models behind Anthropic's Messages API.
 */
import type Anthropic from '@anthropic-ai/sdk';
import type { MessageCreateParamsNonStreaming } from '@anthropic-ai/sdk/resources/messages';
import type { Model } from '../../../ports/model.ts';
import { attempt } from '../attempt.ts';
import { clientOptions, needsStream, type WireOptions } from '../wire-options.ts';
import { fromAnthropicReply } from './reply.ts';
import { toAnthropicRequest } from './request.ts';
import { joinAnthropicEvents } from './stream.ts';

export async function createAnthropicModel(options: WireOptions): Promise<Model> {
  const { default: Client } = await import('@anthropic-ai/sdk');
  const client = new Client({ ...clientOptions, apiKey: options.key, baseURL: options.baseUrl });
  return {
    name: options.name,
    complete: (request, signal) => {
      const body = toAnthropicRequest(request, options.model);
      const isStreamed = needsStream(request.maxOutputTokens);
      return attempt(
        {
          call: (ending) =>
            isStreamed ? stream(client, body, ending) : client.messages.create(body, { signal: ending }),
          read: fromAnthropicReply,
          redact: options.redact,
        },
        signal,
      );
    },
  };
}

async function stream(client: Anthropic, body: MessageCreateParamsNonStreaming, signal: AbortSignal): Promise<unknown> {
  return joinAnthropicEvents(await client.messages.create({ ...body, stream: true }, { signal }));
}
