/**
 * Joins the events of a streamed Messages reply into one reply.
 *
 * The SDK's own helper completes unfinished JSON by guessing, so half of a script could pass as a whole one; this one
 * parses a tool's input only when all of it is JSON. A stream without `message_stop` was cut off, and throws.
 */
import type { RawMessageStreamEvent } from '@anthropic-ai/sdk/resources/messages';

type Block = { type: string; [key: string]: unknown };

/** One reply, as it would have come without streaming. */
export async function joinAnthropicEvents(events: AsyncIterable<RawMessageStreamEvent>): Promise<unknown> {
  let message: Record<string, unknown> = {};
  const blocks: Block[] = [];
  const inputs = new Map<number, string>();
  for await (const event of events) {
    switch (event.type) {
      case 'message_start':
        message = { ...event.message };
        break;
      case 'content_block_start':
        blocks[event.index] = { ...event.content_block };
        break;
      case 'content_block_delta':
        addDelta(blocks[event.index], event.delta, (json) =>
          inputs.set(event.index, (inputs.get(event.index) ?? '') + json),
        );
        break;
      case 'message_delta':
        message = { ...message, ...event.delta, usage: { ...(message.usage as object), ...present(event.usage) } };
        break;
      case 'message_stop':
        return {
          ...message,
          content: blocks.filter(Boolean).map((block, index) => withInput(block, inputs.get(index))),
        };
    }
  }
  // faults.ts takes this word, which is also fetch's own, for a dropped connection.
  throw new Error('terminated');
}

type Delta = Extract<RawMessageStreamEvent, { type: 'content_block_delta' }>['delta'];

function addDelta(block: Block | undefined, delta: Delta, addJson: (json: string) => void): void {
  if (block === undefined) return;
  switch (delta.type) {
    case 'text_delta':
      block.text = `${block.text ?? ''}${delta.text}`;
      break;
    case 'thinking_delta':
      block.thinking = `${block.thinking ?? ''}${delta.thinking}`;
      break;
    case 'signature_delta':
      block.signature = delta.signature;
      break;
    case 'input_json_delta':
      addJson(delta.partial_json);
      break;
  }
}

/** Without counts that are null, so that they do not overwrite those of `message_start`. */
function present(usage: object): object {
  return Object.fromEntries(Object.entries(usage).filter(([, value]) => value !== null && value !== undefined));
}

function withInput(block: Block, json: string | undefined): Block {
  if (json === undefined || json.trim() === '') return block;
  try {
    return { ...block, input: JSON.parse(json) };
  } catch {
    return { ...block, rawInput: json };
  }
}
