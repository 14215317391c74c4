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
    ...(reply.cost !== undefined && { cost: reply.cost }),
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

/** A whole reply as the chunks of a stream, whatever keys it has; the usage only when it was asked for. */
export function chatEventsOf(
  { choices: [choice], usage, ...common }: ReturnType<typeof chatBody>,
  hasUsage: boolean,
): readonly string[] {
  const chunk = (choices: readonly unknown[], more: object = {}) =>
    event(undefined, { ...common, object: 'chat.completion.chunk', choices, ...more });
  const delta = (part: unknown, reason: string | null = null) =>
    chunk([{ index: 0, delta: part, finish_reason: reason }]);
  const { content, tool_calls: calls = [], ...others } = { tool_calls: undefined, ...choice?.message };
  const thoughts = ['reasoning_content', 'reasoning'].flatMap((key) => {
    const said: unknown = Object.entries(others).find(([name]) => name === key)?.[1];
    return typeof said === 'string' ? halves(said).map((half) => delta({ [key]: half })) : [];
  });
  return [
    delta({ role: 'assistant', content: '' }),
    ...thoughts,
    ...(typeof content === 'string' ? halves(content) : [content]).map((part) => delta({ content: part ?? null })),
    ...calls.flatMap(({ function: { name, arguments: written }, ...call }, index) => [
      delta({ tool_calls: [{ index, ...call, function: { name, arguments: '' } }] }),
      ...(typeof written === 'string' ? halves(written) : [written]).map((part) =>
        delta({ tool_calls: [{ index, function: { arguments: part } }] }),
      ),
    ]),
    delta({}, choice?.finish_reason ?? null),
    ...(hasUsage && usage ? [chunk([], { usage })] : []),
    'data: [DONE]\n\n',
  ];
}
