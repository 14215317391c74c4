/**
 * Ceilings on money and tokens that hold: each call is paid for in advance at the most it can cost, and is not made when
 * that would cross a ceiling.
 *
 * Near a ceiling a call may still be made with a smaller limit on its reply, as long as that leaves room for a reply like
 * the last one. A call that ended without a word about its tokens counts at what it was expected to cost.
 */
import { ProviderError } from '../../core/base/errors.ts';
import { costOf, inputTokensOf, type ModelPrice, type TokenUsage, tokensOf } from '../../core/base/model-usage.ts';
import type { Model, ModelFault, ModelReply, ModelRequest } from '../../ports/model.ts';

/** Money is undefined when the price is unknown. */
interface Spending {
  readonly usd: number | undefined;
  readonly tokens: number;
}

export interface CeilingOptions {
  readonly usd?: number | undefined;
  readonly tokens?: number | undefined;
  readonly price: ModelPrice | undefined;
  /** By earlier sessions of the study. */
  readonly spent?: { readonly usd: number; readonly tokens: number };
}

export interface CeilingModel extends Model {
  readonly spent: () => Spending;
}

/** More tokens for a byte than text, code and JSON have; raised when a reply shows that there were more. */
const tokensPerByte = 0.5;
/** What providers add around a request that has tools. */
const addedTokens = 1000;
const shortestUsefulReply = 1024;
const outputMargin = 1.2;
const firstOutput = 2000;

export function createCeilingModel(model: Model, { usd, tokens, price, spent }: CeilingOptions): CeilingModel {
  if (usd !== undefined && price === undefined) {
    throw new ProviderError(`The price of ${model.name} is not known, so \`usd: ${usd}\` cannot be kept`, {
      hint: 'Give it under `prices:` in US dollars for a million tokens, or limit `tokens:` instead.',
    });
  }
  const total = { usd: spent?.usd ?? 0, tokens: spent?.tokens ?? 0 };
  const reserved = { usd: 0, tokens: 0 };
  let mostTokensPerByte = tokensPerByte;
  let lastOutput = firstOutput;

  /** The longest reply that each ceiling leaves room for; negative when reading the request alone crosses it. */
  const roomFor = (input: number): Room => ({
    usd: outputFor((usd ?? Number.POSITIVE_INFINITY) - total.usd - reserved.usd, input, price),
    tokens: (tokens ?? Number.POSITIVE_INFINITY) - total.tokens - reserved.tokens - input,
  });

  const count = (usage: TokenUsage): void => {
    total.usd += usdOf(usage, price);
    total.tokens += tokensOf(usage);
  };

  const settle = (reply: ModelReply, bytes: number, expected: TokenUsage): void => {
    if (reply.usage !== undefined) {
      count(reply.usage);
      if (reply.usage.output > 0) lastOutput = reply.usage.output;
      mostTokensPerByte = Math.max(mostTokensPerByte, ((inputTokensOf(reply.usage) - addedTokens) / bytes) * 1.1);
    } else if (reply.kind === 'fault' && (reply.code === 'timed-out' || reply.code === 'aborted')) {
      count(expected);
    }
  };

  return {
    name: model.name,
    spent: () => ({ usd: price === undefined ? undefined : total.usd, tokens: total.tokens }),
    complete: async (request, signal) => {
      const bytes = sizeOf(request);
      const input = Math.ceil(bytes * mostTokensPerByte) + addedTokens;
      const wanted = Math.min(
        Math.max(shortestUsefulReply, Math.ceil(lastOutput * outputMargin)),
        request.maxOutputTokens,
      );
      const room = roomFor(input);
      if (room.usd < wanted) return crossed('usd-ceiling', `${usd} USD`, `${total.usd.toFixed(4)} USD`);
      if (room.tokens < wanted) return crossed('tokens-ceiling', `${tokens} tokens`, `${total.tokens} tokens`);
      const maxOutputTokens = Math.floor(Math.min(request.maxOutputTokens, room.usd, room.tokens));
      const most = dearest(input, maxOutputTokens, price);
      reserved.usd += usdOf(most, price);
      reserved.tokens += tokensOf(most);
      try {
        const reply = await model.complete({ ...request, maxOutputTokens }, signal);
        settle(reply, bytes, dearest(input, wanted, price));
        return reply;
      } finally {
        reserved.usd -= usdOf(most, price);
        reserved.tokens -= tokensOf(most);
      }
    },
  };
}

interface Room {
  readonly usd: number;
  readonly tokens: number;
}

function outputFor(usdLeft: number, input: number, price: ModelPrice | undefined): number {
  const reading = usdOf(dearest(input, 0, price), price);
  const oneToken = (usdOf(dearest(input, 1_000_000, price), price) - reading) / 1_000_000;
  if (oneToken > 0) return (usdLeft - reading) / oneToken;
  return usdLeft >= reading ? Number.POSITIVE_INFINITY : -1;
}

/** Input at whichever rate is highest: plain or written to a cache. */
function dearest(input: number, output: number, price: ModelPrice | undefined): TokenUsage {
  const plain = { uncachedInput: input, cachedInput: 0, cacheWrite: 0, output };
  const written = { ...plain, uncachedInput: 0, cacheWrite: input };
  return usdOf(written, price) > usdOf(plain, price) ? written : plain;
}

function usdOf(usage: TokenUsage, price: ModelPrice | undefined): number {
  return price === undefined ? 0 : costOf(usage, price);
}

function sizeOf({ system, messages, tools }: ModelRequest): number {
  return Buffer.byteLength(JSON.stringify({ system, messages, tools }));
}

function crossed(code: 'usd-ceiling' | 'tokens-ceiling', ceiling: string, spent: string): ModelFault {
  return {
    kind: 'fault',
    action: 'stop',
    code,
    message: `The next call could cross the ceiling of ${ceiling}; ${spent} are spent.`,
  };
}
