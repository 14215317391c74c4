/**
 * Models behind Chat Completions: Ollama, vLLM, LM Studio, OpenRouter, Colab and most others.
 */
import type OpenAI from 'openai';
import type { ChatCompletionCreateParamsNonStreaming } from 'openai/resources/chat/completions';
import type { Model, ModelReply, ModelRequest } from '../../../ports/model.ts';
import { attempt } from '../attempt.ts';
import { readStream } from '../read-stream.ts';
import { watched } from '../watch-stream.ts';
import type { WireOptions } from '../wire-options.ts';
import { chatMarking } from './chat-marking.ts';
import { fromChatReply } from './chat-reply.ts';
import { type ChatOptions, toChatRequest } from './chat-request.ts';
import { type ChatChunk, joinChatChunks, usageOf } from './chat-stream.ts';
import { createOpenAIClient } from './client.ts';
import { type Dialect, learnFrom, plainDialect } from './dialect.ts';
import { cacheKey } from './responses-request.ts';
import { readChatUsage } from './usage.ts';

/** Requests made for one call at most, each written as the refusal of the one before it taught. */
const maxLessons = 5;

/** `dialect` is what is known of the server beforehand. */
export async function createOpenAIChatModel(options: WireOptions, dialect: Partial<Dialect> = {}): Promise<Model> {
  const client = await createOpenAIClient(options);
  let current: Dialect = { ...plainDialect, ...dialect };
  const marking = chatMarking(options);

  const ask = (request: ModelRequest, marks: ChatOptions['marks'], signal: AbortSignal): Promise<ModelReply> => {
    const key = options.isDefaultHost ? cacheKey(request.system) : undefined;
    const { model, effort } = options;
    const body = toChatRequest(request, { model, dialect: current, effort, marks, cacheKey: key });
    const { isStreamed, asksUsage } = current;
    const call = (ending: AbortSignal): Promise<unknown> =>
      isStreamed
        ? stream(client, { body, asksUsage, tell: request.onProgress }, ending)
        : client.chat.completions.create(body, { signal: ending });
    const { onProgress } = request;
    return attempt({ call, read: fromChatReply, redact: options.redact, onProgress }, signal);
  };

  return {
    name: options.name,
    complete: async (request, signal) => {
      const marks = marking && { at: marking.choose(request), field: marking.field };
      for (let lessons = 0; ; lessons += 1) {
        const reply = await ask(request, marks, signal);
        const learned = reply.kind === 'fault' && lessons < maxLessons ? learnFrom(current, reply) : undefined;
        if (learned === undefined) return reply;
        current = learned;
      }
    },
  };
}

interface Streaming {
  readonly body: ChatCompletionCreateParamsNonStreaming;
  readonly asksUsage: boolean;
  readonly tell: ModelRequest['onProgress'];
}

async function stream(client: OpenAI, { body, asksUsage, tell }: Streaming, signal: AbortSignal): Promise<unknown> {
  const usage = asksUsage ? { stream_options: { include_usage: true } } : {};
  const response = await client.chat.completions.create({ ...body, stream: true, ...usage }, { signal }).asResponse();
  const { Stream } = await import('openai/core/streaming');
  return readStream(response, {
    eventsOf: (from, controller) => Stream.fromSSEResponse<ChatChunk>(from, controller),
    join: (chunks, isDone) => joinChatChunks(watched(chunks, tell, readChunk), isDone),
  });
}

function readChunk(chunk: ChatChunk) {
  const [choice] = chunk.choices ?? [];
  if (chunk.error || choice?.error) return undefined;
  return { text: choice?.delta, usage: readChatUsage(usageOf(chunk)) };
}
