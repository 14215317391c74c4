/**
 * One reply in the bodies and in the streamed events of each provider, with everything their documents say is there.
 */

export type Wire = 'responses' | 'chat' | 'messages';

export interface ServedCall {
  readonly id?: string;
  readonly name: string;
  /** An object, or the very text that the model wrote. */
  readonly arguments: Readonly<Record<string, unknown>> | string;
}

export interface ServedReply {
  readonly text?: string;
  readonly calls?: readonly ServedCall[];
  readonly ending?: 'done' | 'truncated' | 'refused' | 'overflow';
  /** Disjoint, as ours; each provider's own way of counting is made of them here. */
  readonly usage?: { uncached: number; cached?: number; written?: number; shortWritten?: number; output: number };
  /** Encrypted reasoning, which must come back in the next request. */
  readonly thought?: string;
}

const usageOf = ({ usage }: ServedReply) => ({
  uncached: 100,
  cached: 0,
  written: 0,
  shortWritten: 0,
  output: 10,
  ...usage,
});

interface RequestBody {
  readonly model: string;
}

export function replyBody(wire: Wire, reply: ServedReply, request: RequestBody): unknown {
  return { responses: responsesBody, chat: chatBody, messages: messagesBody }[wire](reply, request);
}

export function replyEvents(wire: Wire, reply: ServedReply, request: RequestBody): readonly string[] {
  return { responses: responsesEvents, chat: chatEvents, messages: messagesEvents }[wire](reply, request);
}

function callsOf({ calls = [] }: ServedReply) {
  return calls.map((call, index) => ({
    id: call.id ?? `call_${index + 1}_abc`,
    name: call.name,
    text: typeof call.arguments === 'string' ? call.arguments : JSON.stringify(call.arguments),
  }));
}

function responsesBody(reply: ServedReply, { model }: RequestBody) {
  const { uncached, cached, written, output } = usageOf(reply);
  const part =
    reply.ending === 'refused'
      ? { type: 'refusal', refusal: reply.text ?? 'I cannot help with that.' }
      : { type: 'output_text', text: reply.text ?? '', annotations: [], logprobs: [] };
  const status = reply.ending === 'truncated' ? 'incomplete' : 'completed';
  return {
    id: 'resp_1',
    object: 'response',
    created_at: 1_790_000_000,
    status,
    error: null,
    incomplete_details: reply.ending === 'truncated' ? { reason: 'max_output_tokens' } : null,
    instructions: null,
    metadata: {},
    model,
    output: [
      ...(reply.thought ? [{ type: 'reasoning', id: 'rs_1', summary: [], encrypted_content: reply.thought }] : []),
      ...(reply.text || reply.ending === 'refused'
        ? [{ type: 'message', id: 'msg_1', role: 'assistant', status, content: [part] }]
        : []),
      ...callsOf(reply).map(({ id, name, text }, index) => ({
        type: 'function_call',
        id: `fc_${index}`,
        call_id: id,
        name,
        arguments: text,
        status,
      })),
    ],
    parallel_tool_calls: true,
    tool_choice: 'auto',
    tools: [],
    usage: {
      input_tokens: uncached + cached + written,
      input_tokens_details: { cached_tokens: cached, cache_write_tokens: written },
      output_tokens: output,
      output_tokens_details: { reasoning_tokens: 0 },
      total_tokens: uncached + cached + written + output,
    },
  };
}

function responsesEvents(reply: ServedReply, request: RequestBody): readonly string[] {
  const response = responsesBody(reply, request);
  const type = response.status === 'incomplete' ? 'response.incomplete' : 'response.completed';
  return [
    event('response.created', { type: 'response.created', sequence_number: 0, response: { ...response, output: [] } }),
    event('response.output_text.delta', { type: 'response.output_text.delta', sequence_number: 1, delta: 'x' }),
    event(type, { type, sequence_number: 2, response }),
  ];
}

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

function chatBody(reply: ServedReply, { model }: RequestBody) {
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
    usage: chatUsage(reply),
  };
}

function chatEvents(reply: ServedReply, { model }: RequestBody): readonly string[] {
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
    chunk([], chatUsage(reply)),
    'data: [DONE]\n\n',
  ];
}

function messagesReason({ ending, calls = [] }: ServedReply): string {
  if (ending === 'truncated') return 'max_tokens';
  if (ending === 'refused') return 'refusal';
  if (ending === 'overflow') return 'model_context_window_exceeded';
  return calls.length > 0 ? 'tool_use' : 'end_turn';
}

function messagesUsage(reply: ServedReply) {
  const { uncached, cached, written, shortWritten, output } = usageOf(reply);
  return {
    input_tokens: uncached,
    cache_read_input_tokens: cached,
    cache_creation_input_tokens: written,
    cache_creation: { ephemeral_5m_input_tokens: shortWritten, ephemeral_1h_input_tokens: written - shortWritten },
    output_tokens: output,
    service_tier: 'standard',
  };
}

function messagesBody(reply: ServedReply, { model }: RequestBody) {
  return {
    id: 'msg_1',
    type: 'message',
    role: 'assistant',
    model,
    container: null,
    content: [
      ...(reply.thought ? [{ type: 'thinking', thinking: 'hm', signature: reply.thought }] : []),
      ...(reply.text ? [{ type: 'text', text: reply.text, citations: null }] : []),
      ...callsOf(reply).map(({ id, name, text }) => ({ type: 'tool_use', id, name, input: inputOf(text) })),
    ],
    stop_reason: messagesReason(reply),
    stop_sequence: null,
    stop_details: reply.ending === 'refused' ? { type: 'refusal', category: 'cyber', explanation: 'No.' } : null,
    usage: messagesUsage(reply),
  };
}

/** Anthropic parses inputs itself; what is no object reaches the client as it is. */
function inputOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

function messagesEvents(reply: ServedReply, request: RequestBody): readonly string[] {
  const whole = messagesBody(reply, request);
  const texts = new Map(callsOf(reply).map(({ id, text }) => [id, text]));
  const send = (type: string, body: object) => event(type, { type, ...body });
  const blocks = whole.content.flatMap((block, index) => {
    const { start, deltas } = blockParts(block as Readonly<Record<string, string>>, texts);
    return [
      send('content_block_start', { index, content_block: start }),
      ...deltas.map((delta) => send('content_block_delta', { index, delta })),
      send('content_block_stop', { index }),
    ];
  });
  const { output_tokens: output, ...input } = whole.usage;
  return [
    send('message_start', {
      message: { ...whole, content: [], stop_reason: null, stop_details: null, usage: { ...input, output_tokens: 1 } },
    }),
    send('ping', {}),
    ...blocks,
    send('message_delta', {
      delta: { stop_reason: whole.stop_reason, stop_sequence: null, stop_details: whole.stop_details },
      usage: { output_tokens: output, input_tokens: null, cache_read_input_tokens: null },
    }),
    send('message_stop', {}),
  ];
}

function blockParts(block: Readonly<Record<string, string>>, texts: ReadonlyMap<string, string>) {
  switch (block.type) {
    case 'text':
      return {
        start: { ...block, text: '' },
        deltas: halves(block.text ?? '').map((text) => ({ type: 'text_delta', text })),
      };
    case 'thinking':
      return {
        start: { type: 'thinking', thinking: '', signature: '' },
        deltas: [
          { type: 'thinking_delta', thinking: block.thinking },
          { type: 'signature_delta', signature: block.signature },
        ],
      };
    default:
      return {
        start: { ...block, input: {} },
        deltas: halves(texts.get(block.id ?? '') ?? '').map((half) => ({
          type: 'input_json_delta',
          partial_json: half,
        })),
      };
  }
}

function halves(text: string): readonly string[] {
  const middle = Math.floor(text.length / 2);
  return [text.slice(0, middle), text.slice(middle)];
}

function event(name: string | undefined, body: object): string {
  return `${name === undefined ? '' : `event: ${name}\n`}data: ${JSON.stringify(body)}\n\n`;
}
