/**
 * Models behind Chat Completions: Ollama, vLLM, LM Studio, OpenRouter, Colab and most others.
 */
import type OpenAI from 'openai';
import type { ChatCompletionCreateParamsNonStreaming } from 'openai/resources/chat/completions';
import type { Model, ModelRequest } from '../../../ports/model.ts';
import { attempt } from '../attempt.ts';
import { watched } from '../watch-stream.ts';
import { needsStream, type WireOptions } from '../wire-options.ts';
import { fromChatReply } from './chat-reply.ts';
import { toChatRequest } from './chat-request.ts';
import { type ChatChunk, joinChatChunks, usageOf } from './chat-stream.ts';
import { createOpenAIClient } from './client.ts';
import { readChatUsage } from './usage.ts';

export async function createOpenAIChatModel(options: WireOptions): Promise<Model> {
  const client = await createOpenAIClient(options);
  return {
    name: options.name,
    complete: (request, signal) => {
      const body = toChatRequest(request, options);
      const isStreamed = needsStream(request.maxOutputTokens);
      return attempt(
        {
          call: (ending) =>
            isStreamed
              ? stream(client, body, request.onProgress, ending)
              : client.chat.completions.create(body, { signal: ending }),
          read: fromChatReply,
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
  body: ChatCompletionCreateParamsNonStreaming,
  tell: ModelRequest['onProgress'],
  signal: AbortSignal,
): Promise<unknown> {
  const streamed = { ...body, stream: true, stream_options: { include_usage: true } } as const;
  const chunks: AsyncIterable<unknown> = await client.chat.completions.create(streamed, { signal });
  return joinChatChunks(watched(chunks as AsyncIterable<ChatChunk>, tell, readChunk));
}

function readChunk(chunk: ChatChunk) {
  const [choice] = chunk.choices ?? [];
  if (chunk.error || choice?.error) return undefined;
  return { text: choice?.delta, usage: readChatUsage(usageOf(chunk)) };
}
