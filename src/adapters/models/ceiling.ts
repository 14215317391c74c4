/**
 * Enforces ceilings on money and tokens: each call first reserves the most that it can cost, and is not made when that
 * would cross a ceiling.
 *
 * Near a ceiling a call is still made with a smaller limit on its reply, as long as that leaves room for a reply like
 * the longest of late. What a provider does not report is estimated, also for a reply that was cut off or ended early.
 */

import { ProviderError } from '../../core/base/errors.ts';
import { formatUsd } from '../../core/base/format.ts';
import { inputTokensOf, type ModelPrice, tokensOf } from '../../core/base/model-usage.ts';
import type { Model, ModelFault, ModelReply, ModelRequest, ReplyProgress } from '../../ports/model.ts';
import { type Used, usdOf, usedBy, worstCase } from './estimate-usage.ts';
import { aborted } from './faults.ts';
import type { SpendingCounter } from './spending-counter.ts';

export interface CeilingOptions {
  /** What is counted on, with its ceilings; shared with whatever else spends. */
  readonly counter: SpendingCounter;
  readonly price: ModelPrice | undefined;
}

/** Input tokens per byte of a request, more than text, code and JSON have; raised when a reply reports more. */
const maxTokensPerByte = 0.5;
/** Tokens per byte of text that count where nothing is reported: code and numbers have 0.25 to 0.4. */
const estimatedTokensPerByte = 0.4;
/** The least that an estimate takes, whatever earlier replies reported: English prose has it. */
const minTokensPerByte = 0.25;
/** Input tokens that providers add to a request with tools. */
const addedTokens = 1000;
/** In a shorter request, what providers add counts for more than what was sent. */
const minBytesToLearnFrom = 4000;
/** No call is made without room for a reply of this many tokens. */
const minReplyTokens = 1024;
/** The next reply is expected to be at most this many times as long as the longest of late. */
const outputMargin = 1.2;
/** Replies that are remembered for it: a conversation's short ones do not hide that its edits are long. */
const rememberedReplies = 20;
/** Tokens that the first reply is expected to have. */
const firstOutput = 2000;

export function createCeilingModel(model: Model, { counter, price }: CeilingOptions): Model {
  const { ceilings } = counter;
  if (ceilings.usd !== undefined && price === undefined) {
    throw new ProviderError(`The price of ${model.name} is not known, so \`usd: ${ceilings.usd}\` cannot be kept`, {
      hint: 'Give it under `prices:` in US dollars for a million tokens, or limit `tokens:` instead.',
    });
  }
  const learned = createExperience(price);

  /** Output tokens that each ceiling leaves room for; negative when the input of the request alone crosses it. */
  const roomFor = (input: number) => {
    const left = counter.left();
    return { usd: outputFor(left.usd / learned.usdFactor(), input, price), tokens: left.tokens - input };
  };

  return {
    name: model.name,
    complete: async (request, signal) => {
      if (signal.aborted) return model.complete(request, signal);
      const bytes = sizeOf(request);
      const input = learned.maxInput(bytes);
      const wanted = Math.min(learned.wantedOutput(), request.maxOutputTokens);
      const room = roomFor(input);
      if (room.usd < wanted) return crossed('usd', counter);
      if (room.tokens < wanted) return crossed('tokens', counter);
      const maxOutputTokens = Math.floor(Math.min(request.maxOutputTokens, room.usd, room.tokens));
      const reservation = worstCase(input, maxOutputTokens, price);
      const release = counter.reserve({
        usd: usdOf(reservation, price) * learned.usdFactor(),
        tokens: tokensOf(reservation),
      });
      let progress: ReplyProgress | undefined;
      let isCounted = false;

      const count = (reply: ModelReply): ModelReply => {
        if (isCounted) return reply;
        isCounted = true;
        const expected = { input: learned.estimatedInput(bytes), output: Math.min(wanted, maxOutputTokens) };
        const used = usedBy({ reply, progress, expected, maxOutputTokens, ...learned.rates() });
        if (used === undefined) return reply;
        const usd = reply.usd ?? (price === undefined ? undefined : usdOf(used.usage, price));
        counter.add({ usd: usd ?? 0, tokens: tokensOf(used.usage) }, used.isEstimated);
        learned.learn(reply, used, { bytes, isSmall: request.maxOutputTokens <= minReplyTokens });
        request.onBilled?.({
          model: reply.kind === 'answer' ? reply.model : model.name,
          outcome: reply.kind === 'answer' ? 'answer' : reply.code,
          ...used,
          usd,
        });
        return { ...reply, usage: used.usage, ...(usd !== undefined && { usd }) };
      };
      // At once, before the caller learns that the call is over: it may be journalling the end of the study.
      const countAborted = () => count(aborted);

      signal.addEventListener('abort', countAborted, { once: true });
      try {
        const onProgress = (news: ReplyProgress) => {
          progress = furthest(progress, news);
          request.onProgress?.(news);
        };
        return count(await model.complete({ ...request, maxOutputTokens, onProgress }, signal));
      } finally {
        signal.removeEventListener('abort', countAborted);
        release();
      }
    },
  };
}

function furthest(a: ReplyProgress | undefined, b: ReplyProgress): ReplyProgress {
  const usage = b.usage ?? a?.usage;
  return { bytes: Math.max(a?.bytes ?? 0, b.bytes), ...(usage !== undefined && { usage }) };
}

interface Asked {
  readonly bytes: number;
  /** A call that only shows whether the model can be asked: its reply says nothing of the length of others. */
  readonly isSmall: boolean;
}

/** What replies so far have taught about the next one. */
function createExperience(price: ModelPrice | undefined) {
  let mostPerByte = maxTokensPerByte;
  let reportedPerByte: number | undefined;
  let usdFactor = 1;
  let writesCache = false;
  let outputs: readonly number[] = [];
  const tokensPerByte = () => reportedPerByte ?? estimatedTokensPerByte;
  return {
    rates: () => ({ tokensPerByte: tokensPerByte(), writesCache }),
    /** How many times the list price the provider has charged at most, by its own word. */
    usdFactor: () => usdFactor,
    maxInput: (bytes: number) => Math.ceil(bytes * mostPerByte) + addedTokens,
    estimatedInput: (bytes: number) => Math.ceil(bytes * tokensPerByte()),
    wantedOutput: () => {
      const longest = outputs.length === 0 ? firstOutput : Math.max(...outputs);
      return Math.max(minReplyTokens, Math.ceil(longest * outputMargin));
    },
    learn: ({ kind, usd: reportedUsd }: ModelReply, { usage, isEstimated }: Used, { bytes, isSmall }: Asked): void => {
      if (!isSmall && usage.output > 0 && (kind === 'answer' || !isEstimated)) {
        outputs = [...outputs, usage.output].slice(-rememberedReplies);
      }
      if (isEstimated) return;
      writesCache ||= usage.cacheWrite > 0;
      if (bytes >= minBytesToLearnFrom) {
        const input = inputTokensOf(usage);
        mostPerByte = Math.max(mostPerByte, ((input - addedTokens) / bytes) * 1.1);
        reportedPerByte = Math.max(reportedPerByte ?? minTokensPerByte, input / bytes);
      }
      const listed = usdOf(usage, price);
      if (reportedUsd !== undefined && listed > 0) usdFactor = Math.max(usdFactor, reportedUsd / listed);
    },
  };
}

function outputFor(usdLeft: number, input: number, price: ModelPrice | undefined): number {
  const reading = usdOf(worstCase(input, 0, price), price);
  const oneToken = (usdOf(worstCase(input, 1_000_000, price), price) - reading) / 1_000_000;
  if (oneToken > 0) return (usdLeft - reading) / oneToken;
  return usdLeft >= reading ? Number.POSITIVE_INFINITY : -1;
}

function sizeOf({ system, messages, tools }: ModelRequest): number {
  return Buffer.byteLength(JSON.stringify({ system, messages, tools }));
}

function crossed(name: 'usd' | 'tokens', counter: SpendingCounter): ModelFault {
  const words = (value: number) => (name === 'usd' ? `${formatUsd(value)} USD` : `${value} tokens`);
  const spent = words(counter.total()[name]);
  const told = counter.isEstimated()
    ? `about ${spent} are spent, by estimate where no usage was reported`
    : `${spent} are spent`;
  return {
    kind: 'fault',
    action: 'stop',
    code: `${name}-ceiling`,
    message: `The next call could cross the ceiling of ${counter.ceilings[name]} ${name === 'usd' ? 'USD' : 'tokens'}; ${told}.`,
  };
}
