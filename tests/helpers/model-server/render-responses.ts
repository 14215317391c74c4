/**
 * A reply in the words of OpenAI's Responses.
 */
import { callsOf, event, halves, type RequestBody, type ServedReply, usageOf } from './reply-parts.ts';

export function responsesBody(reply: ServedReply, { model }: RequestBody) {
  const { uncached, cached, written, output } = usageOf(reply);
  const { id: own = '1' } = reply;
  const part =
    reply.ending === 'refused'
      ? { type: 'refusal', refusal: reply.text ?? 'I cannot help with that.' }
      : { type: 'output_text', text: reply.text ?? '', annotations: [], logprobs: [] };
  const status = reply.ending === 'truncated' ? 'incomplete' : 'completed';
  return {
    id: `resp_${own}`,
    object: 'response',
    created_at: 1_790_000_000,
    status,
    error: null,
    incomplete_details: reply.ending === 'truncated' ? { reason: 'max_output_tokens' } : null,
    instructions: null,
    metadata: {},
    model,
    output: [
      ...(reply.thought
        ? [{ type: 'reasoning' as const, id: `rs_${own}`, summary: [], encrypted_content: reply.thought }]
        : []),
      ...(reply.text || reply.ending === 'refused'
        ? [{ type: 'message' as const, id: `msg_${own}`, role: 'assistant', status, content: [part] }]
        : []),
      ...callsOf(reply).map(({ id, name, text, isCustom }, index) =>
        isCustom
          ? { type: 'custom_tool_call' as const, id: `ctc_${own}_${index}`, call_id: id, name, input: text, status }
          : { type: 'function_call' as const, id: `fc_${own}_${index}`, call_id: id, name, arguments: text, status },
      ),
    ],
    parallel_tool_calls: true,
    tool_choice: 'auto',
    tools: [],
    usage: reply.isUnmetered
      ? null
      : {
          input_tokens: uncached + cached + written,
          input_tokens_details: { cached_tokens: cached, cache_write_tokens: written },
          output_tokens: output,
          output_tokens_details: { reasoning_tokens: 0 },
          total_tokens: uncached + cached + written + output,
        },
  };
}

export function responsesEvents(reply: ServedReply, request: RequestBody): readonly string[] {
  const response = responsesBody(reply, request);
  const begun = { ...response, status: 'in_progress', output: [], usage: null };
  const type = response.status === 'incomplete' ? 'response.incomplete' : 'response.completed';
  const events = [
    { type: 'response.created', response: begun },
    { type: 'response.in_progress', response: begun },
    ...response.output.flatMap((item, index) => itemEvents(item, index)),
    { type, response },
  ];
  return events.map((body, number) => event(body.type, { ...body, sequence_number: number }));
}

type Item = ReturnType<typeof responsesBody>['output'][number];
type ItemEvent = { readonly type: string; readonly [key: string]: unknown };

/** An item is added empty, filled in by deltas, and told whole at its end. */
function itemEvents(item: Item, index: number): readonly ItemEvent[] {
  const at = { output_index: index, item_id: item.id };
  const added = (empty: object) => ({ type: 'response.output_item.added', output_index: index, item: empty });
  const done = { type: 'response.output_item.done', output_index: index, item };
  switch (item.type) {
    case 'message':
      return [added({ ...item, status: 'in_progress', content: [] }), ...partEvents(item.content[0], at), done];
    case 'function_call':
      return [
        added({ ...item, status: 'in_progress', arguments: '' }),
        ...halves(item.arguments).map((delta) => ({ type: 'response.function_call_arguments.delta', ...at, delta })),
        { type: 'response.function_call_arguments.done', ...at, name: item.name, arguments: item.arguments },
        done,
      ];
    case 'custom_tool_call':
      return [
        added({ ...item, status: 'in_progress', input: '' }),
        ...halves(item.input).map((delta) => ({ type: 'response.custom_tool_call_input.delta', ...at, delta })),
        { type: 'response.custom_tool_call_input.done', ...at, input: item.input },
        done,
      ];
    default:
      return [added(item), done];
  }
}

type Part = Extract<Item, { type: 'message' }>['content'][number] | undefined;

function partEvents(part: Part, item: object): readonly ItemEvent[] {
  if (part === undefined) return [];
  const at = { ...item, content_index: 0 };
  const kind = 'text' in part ? 'output_text' : 'refusal';
  const key = 'text' in part ? 'text' : 'refusal';
  const text = 'text' in part ? part.text : part.refusal;
  return [
    { type: 'response.content_part.added', ...at, part: { ...part, [key]: '' } },
    ...halves(text).map((delta) => ({ type: `response.${kind}.delta`, ...at, delta })),
    { type: `response.${kind}.done`, ...at, [key]: text },
    { type: 'response.content_part.done', ...at, part },
  ];
}
