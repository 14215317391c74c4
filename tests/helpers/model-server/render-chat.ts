/**
 * A reply in the words of OpenAI's Chat Completions.
 */
import { callsOf, event, halves, type RequestBody, type ServedReply, usageOf } from './reply-parts.ts';

function chatUsage(reply: ServedReply) {
  const { uncached, cached, written, output } = usageOf(reply);
  return {
    prompt_tokens: uncached + cached + written,
    completion_tokens: output,
    total_tokens: uncached + cached + written + output,
    prompt_tokens_details: { cached_tokens: cached, cache_write_tokens: written },
  };
}

function chatReason({ ending, calls = [] }: ServedReply): string {
  if (ending === 'truncated') return 'length';
  if (ending === 'refused') return 'content_filter';
  return calls.length > 0 ? 'tool_calls' : 'stop';
}

export function chatBody(reply: ServedReply, { model }: RequestBody) {
  const calls = callsOf(reply).map(({ id, name, text }) => ({
    id,
    type: 'function',
    function: { name, arguments: text },
    ...(reply.thought && { extra_content: { google: { thought_signature: reply.thought } } }),
  }));
  return {
    id: 'chatcmpl-1',
    object: 'chat.completion',
    created: 1_790_000_000,
    model,
    choices: [
      {
        index: 0,
        finish_reason: chatReason(reply),
        logprobs: null,
        message: {
          role: 'assistant',
          content: reply.text ?? null,
          refusal: null,
          ...(calls.length > 0 && { tool_calls: calls }),
        },
      },
    ],
    ...(!reply.isUnmetered && { usage: chatUsage(reply) }),
  };
}

export function chatEvents(reply: ServedReply, { model }: RequestBody): readonly string[] {
  const chunk = (choices: readonly unknown[], usage?: unknown) =>
    event(undefined, { id: 'chatcmpl-1', object: 'chat.completion.chunk', created: 1, model, choices, usage });
  const delta = (part: unknown, reason: string | null = null) =>
    chunk([{ index: 0, delta: part, finish_reason: reason, logprobs: null }]);
  const calls = callsOf(reply).flatMap(({ id, name, text }, index) => [
    delta({ tool_calls: [{ index, id, type: 'function', function: { name, arguments: '' } }] }),
    ...halves(text).map((half) => delta({ tool_calls: [{ index, function: { arguments: half } }] })),
  ]);
  return [
    delta({ role: 'assistant', content: '' }),
    ...halves(reply.text ?? '').map((half) => delta({ content: half })),
    ...calls,
    delta({}, chatReason(reply)),
    ...(reply.isUnmetered ? [] : [chunk([], chatUsage(reply))]),
    'data: [DONE]\n\n',
  ];
}
