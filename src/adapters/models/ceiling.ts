/**
 * Enforces ceilings on money and tokens: each call first reserves the most that it can cost, and is not made when that
 * would cross a ceiling.
 *
 * Near a ceiling a call is still made with a smaller limit on its reply, as long as that leaves room for a reply like
 * the last one. A call that timed out or was aborted without reporting its tokens counts at its expected cost.
 */

import { ProviderError } from '../../core/base/errors.ts';
import { formatUsd } from '../../core/base/format.ts';
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
  /** What earlier sessions of the study spent. */
  readonly spent?: { readonly usd: number; readonly tokens: number };
}

export interface CeilingModel extends Model {
  readonly spent: () => Spending;
}

/** Input tokens per byte of a request, more than text, code and JSON have; raised when a reply reports more. */
const initialTokensPerByte = 0.5;
/** Input tokens that providers add to a request with tools. */
const addedTokens = 1000;
/** No call is made without room for a reply of this many tokens. */
const minReplyTokens = 1024;
/** The next reply is expected to be at most this many times as long as the last one. */
const outputMargin = 1.2;
/** Tokens that the first reply is expected to have. */
const firstOutput = 2000;

export function createCeilingModel(model: Model, { usd, tokens, price, spent }: CeilingOptions): CeilingModel {
  if (usd !== undefined && price === undefined) {
    throw new ProviderError(`The price of ${model.name} is not known, so \`usd: ${usd}\` cannot be kept`, {
      hint: 'Give it under `prices:` in US dollars for a million tokens, or limit `tokens:` instead.',
    });
  }
  const total = { usd: spent?.usd ?? 0, tokens: spent?.tokens ?? 0 };
  const reserved = { usd: 0, tokens: 0 };
  let maxTokensPerByte = initialTokensPerByte;
  let lastOutput = firstOutput;

  /** Output tokens that each ceiling leaves room for; negative when the input of the request alone crosses it. */
  const roomFor = (input: number): Room => ({
    usd: outputFor((usd ?? Number.POSITIVE_INFINITY) - total.usd - reserved.usd, input, price),
    tokens: (tokens ?? Number.POSITIVE_INFINITY) - total.tokens - reserved.tokens - input,
  });

  const count = (usage: TokenUsage): void => {
    total.usd += usdOf(usage, price);
    total.tokens += tokensOf(usage);
  };

  const countReply = (reply: ModelReply, bytes: number, expected: TokenUsage): void => {
    if (reply.usage !== undefined) {
      count(reply.usage);
      if (reply.usage.output > 0) lastOutput = reply.usage.output;
      maxTokensPerByte = Math.max(maxTokensPerByte, ((inputTokensOf(reply.usage) - addedTokens) / bytes) * 1.1);
    } else if (reply.kind === 'fault' && (reply.code === 'timed-out' || reply.code === 'aborted')) {
      count(expected);
    }
  };

  return {
    name: model.name,
    spent: () => ({ usd: price === undefined ? undefined : total.usd, tokens: total.tokens }),
    complete: async (request, signal) => {
      const bytes = sizeOf(request);
      const input = Math.ceil(bytes * maxTokensPerByte) + addedTokens;
      const wanted = Math.min(Math.max(minReplyTokens, Math.ceil(lastOutput * outputMargin)), request.maxOutputTokens);
      const room = roomFor(input);
      if (room.usd < wanted) return crossed('usd-ceiling', `${usd} USD`, `${formatUsd(total.usd)} USD`);
      if (room.tokens < wanted) return crossed('tokens-ceiling', `${tokens} tokens`, `${total.tokens} tokens`);
      const maxOutputTokens = Math.floor(Math.min(request.maxOutputTokens, room.usd, room.tokens));
      const reservation = worstCase(input, maxOutputTokens, price);
      reserved.usd += usdOf(reservation, price);
      reserved.tokens += tokensOf(reservation);
      try {
        const reply = await model.complete({ ...request, maxOutputTokens }, signal);
        countReply(reply, bytes, worstCase(input, wanted, price));
        return reply;
      } finally {
        reserved.usd -= usdOf(reservation, price);
        reserved.tokens -= tokensOf(reservation);
      }
    },
  };
}

interface Room {
  readonly usd: number;
  readonly tokens: number;
}

function outputFor(usdLeft: number, input: number, price: ModelPrice | undefined): number {
  const reading = usdOf(worstCase(input, 0, price), price);
  const oneToken = (usdOf(worstCase(input, 1_000_000, price), price) - reading) / 1_000_000;
  if (oneToken > 0) return (usdLeft - reading) / oneToken;
  return usdLeft >= reading ? Number.POSITIVE_INFINITY : -1;
}

/** The usage at its highest price: the input is all plain or all written to a cache, whichever costs more. */
function worstCase(input: number, output: number, price: ModelPrice | undefined): TokenUsage {
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
