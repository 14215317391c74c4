/**
 * A reply as tests write it, and what its renderings for all providers share.
 */

export interface ServedCall {
  readonly id?: string;
  readonly name: string;
  /** An object, or the very text that the model wrote. */
  readonly arguments: Readonly<Record<string, unknown>> | string;
  /** A tool of OpenAI's that takes plain text, in a namespace of the caller's. */
  readonly isCustom?: boolean;
}

export interface ServedReply {
  readonly text?: string;
  readonly calls?: readonly ServedCall[];
  readonly ending?: 'done' | 'truncated' | 'refused' | 'overflow';
  /** Disjoint, as ours; each provider's own way of counting is made of them here. */
  readonly usage?: { uncached: number; cached?: number; written?: number; shortWritten?: number; output: number };
  /** The server says nothing of what it used, as llama.cpp's older servers, LM Studio and proxies do in streams. */
  readonly isUnmetered?: boolean;
  /** The part of the body, between 0 and 1, after which the connection breaks. */
  readonly cutAfter?: number;
  /** What OpenRouter says in `usage.cost`, in US dollars. */
  readonly cost?: number;
  /** Encrypted reasoning, which must come back in the next request. */
  readonly thought?: string;
  /** What tells its ids from those of other replies, where a client keeps several. */
  readonly id?: string;
}

export interface RequestBody {
  readonly model: string;
}

/** The usage with every figure. */
export const usageOf = ({ usage }: ServedReply) => ({
  uncached: 100,
  cached: 0,
  written: 0,
  shortWritten: 0,
  output: 10,
  ...usage,
});

/** The calls with an id each and their arguments as text. */
export function callsOf({ calls = [] }: ServedReply) {
  return calls.map((call, index) => ({
    id: call.id ?? `call_${index + 1}_abc`,
    name: call.name,
    isCustom: call.isCustom === true,
    text: typeof call.arguments === 'string' ? call.arguments : JSON.stringify(call.arguments),
  }));
}

/** A text as it would come in two deltas. */
export function halves(text: string): readonly string[] {
  const middle = Math.floor(text.length / 2);
  return [text.slice(0, middle), text.slice(middle)];
}

/** One server-sent event. */
export function event(name: string | undefined, body: object): string {
  return `${name === undefined ? '' : `event: ${name}\n`}data: ${JSON.stringify(body)}\n\n`;
}
