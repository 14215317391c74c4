/**
 * A reply in the words of Anthropic's Messages.
 */
import { callsOf, event, halves, type RequestBody, type ServedReply, usageOf } from './reply-parts.ts';

function messagesReason({ ending, calls = [] }: ServedReply): string {
  if (ending === 'truncated') return 'max_tokens';
  if (ending === 'refused') return 'refusal';
  if (ending === 'overflow') return 'model_context_window_exceeded';
  return calls.length > 0 ? 'tool_use' : 'end_turn';
}

function messagesUsage(reply: ServedReply) {
  // A gateway in front of another model has no counts to give, and the field is not optional.
  const none = { uncached: 0, cached: 0, written: 0, shortWritten: 0, output: 0 };
  const { uncached, cached, written, shortWritten, output } = reply.isUnmetered ? none : usageOf(reply);
  return {
    input_tokens: uncached,
    cache_read_input_tokens: cached,
    cache_creation_input_tokens: written,
    cache_creation: { ephemeral_5m_input_tokens: shortWritten, ephemeral_1h_input_tokens: written - shortWritten },
    output_tokens: output,
    service_tier: 'standard',
  };
}

export function messagesBody(reply: ServedReply, { model }: RequestBody) {
  return {
    id: `msg_${reply.id ?? '1'}`,
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

export function messagesEvents(reply: ServedReply, request: RequestBody): readonly string[] {
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
