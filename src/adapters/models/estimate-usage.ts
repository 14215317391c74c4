/**
 * What an attempt used, where the provider did not say it or not all of it: estimated from the bytes sent and received.
 */
import { costOf, inputTokensOf, type ModelPrice, noUsage, type TokenUsage } from '../../core/base/model-usage.ts';
import type { ModelReply, ReplyProgress } from '../../ports/model.ts';

/** An attempt as far as it is known. */
export interface Attempted {
  readonly reply: ModelReply;
  /** Undefined when nothing of a reply came. */
  readonly progress: ReplyProgress | undefined;
  /** Input and output tokens that are reckoned with for this request. */
  readonly expected: { readonly input: number; readonly output: number };
  readonly maxOutputTokens: number;
  readonly tokensPerByte: number;
  /** Whether the provider has reported tokens written to a cache, which cost more than others. */
  readonly writesCache: boolean;
}

export interface Used {
  readonly usage: TokenUsage;
  readonly isEstimated: boolean;
}

/** What the attempt used; undefined for one that the provider did not bill: it was refused, or reached no provider. */
export function usedBy(attempted: Attempted): Used | undefined {
  const { reply, progress, expected, maxOutputTokens, tokensPerByte, writesCache } = attempted;
  const received = Math.min(maxOutputTokens, Math.ceil((progress?.bytes ?? 0) * tokensPerByte));
  const read = writesCache ? { cacheWrite: expected.input } : { uncachedInput: expected.input };
  if (reply.usage !== undefined) {
    const { usage } = reply;
    // Every request has some input; a server that reports none has not counted it.
    const isInputKnown = inputTokensOf(usage) > 0;
    const isOutputKnown = usage.output > 0 || received === 0;
    if (isInputKnown && isOutputKnown) return { usage, isEstimated: false };
    const input = isInputKnown ? usage : { ...noUsage, ...read };
    return { usage: { ...input, output: isOutputKnown ? usage.output : received }, isEstimated: true };
  }
  const isWhole = reply.kind === 'answer';
  if (!isWhole && progress === undefined && !isWaited(reply.code)) return undefined;
  const announced = progress?.usage;
  // A provider goes on writing for a while after the connection broke.
  const output = Math.max(announced?.output ?? 0, received, isWhole ? 0 : expected.output);
  const isInputKnown = announced !== undefined && inputTokensOf(announced) > 0;
  if (isInputKnown) return { usage: { ...announced, output }, isEstimated: true };
  return { usage: { ...noUsage, ...read, output }, isEstimated: true };
}

/** Whether the provider may have worked on a request that got no answer. */
function isWaited(code: string): boolean {
  return code === 'timed-out' || code === 'aborted';
}

/** The usage at its highest price: the input is all plain or all written to a cache, whichever costs more. */
export function worstCase(input: number, output: number, price: ModelPrice | undefined): TokenUsage {
  const plain = { uncachedInput: input, cachedInput: 0, cacheWrite: 0, output };
  const written = { ...plain, uncachedInput: 0, cacheWrite: input };
  return usdOf(written, price) > usdOf(plain, price) ? written : plain;
}

/** 0 for an unknown price. */
export function usdOf(usage: TokenUsage, price: ModelPrice | undefined): number {
  return price === undefined ? 0 : costOf(usage, price);
}
