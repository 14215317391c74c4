/**
 * Reads whatever a server answers to a request for a stream: events, or the whole reply at once, as gateways send that
 * do not stream. The content type is not trusted: some servers send events as text, or a whole reply as events.
 */
import { parseJson } from '../../core/base/parse-json.ts';

export interface StreamReading<Event> {
  /** The SDK's own reader of events. */
  readonly eventsOf: (response: Response, controller: AbortController) => AsyncIterable<Event>;
  /** Makes one reply of the events; throws for a stream that was cut off. `isDone` is asked at the end. */
  readonly join: (events: AsyncIterable<Event>, isDone: () => boolean) => Promise<unknown>;
}

/** The reply as it would have come without streaming; a text where it is neither events nor JSON. */
export async function readStream<Event>(
  response: Response,
  { eventsOf, join }: StreamReading<Event>,
): Promise<unknown> {
  const watch = watchText();
  const body = response.body?.pipeThrough(watch.transform) ?? null;
  const events = eventsOf(new Response(body, { headers: response.headers }), new AbortController());
  try {
    return await join(events, watch.isDone);
  } catch (error) {
    if (watch.isEvents() || !watch.isWhole()) throw error;
    const text = watch.text();
    return parseJson(text) ?? text;
  }
}

const maxKeptCharacters = 4_000_000;

/** Remembers what has passed, as long as it does not look like events, and whether `[DONE]` was its end. */
function watchText() {
  const decoder = new TextDecoder();
  let whole = '';
  let end = '';
  let isWhole = false;
  const isEvents = () => /^\s*(?:data|event|id|retry|):/.test(whole);
  return {
    transform: new TransformStream<Uint8Array, Uint8Array>({
      transform: (bytes, controller) => {
        const text = decoder.decode(bytes, { stream: true });
        end = (end + text).slice(-40);
        if (!isEvents() && whole.length < maxKeptCharacters) whole += text;
        controller.enqueue(bytes);
      },
      flush: () => {
        isWhole = true;
      },
    }),
    isWhole: () => isWhole,
    isDone: () => /\[DONE\]\s*$/.test(end),
    isEvents,
    text: () => whole,
  };
}
