/**
 * Turns a reply that arrived whole into an answer, or into a fault after which the model is asked in other words.
 *
 * A reply that was cut off is never an answer, however complete it looks: half a script must not be trained.
 */
import { readLenientObject } from '../../core/edits/lenient-json.ts';
import type { FaultCode, ModelFault, ModelReply, TokenUsage, ToolCall } from '../../ports/model.ts';
import { oneLine } from './faults.ts';

/** Why the model stopped, whatever the provider calls it. */
export type FinishReason = 'done' | 'truncated' | 'refused' | 'overflow';

export interface WholeReply {
  readonly text: string;
  readonly calls: readonly ToolCall[];
  /** Undefined when the provider reported none. */
  readonly usage: TokenUsage | undefined;
  /** What the provider says that it cost, in US dollars. */
  readonly usd?: number | undefined;
  readonly model: string;
  readonly finishReason: FinishReason;
  /** What the provider says about the finish reason. */
  readonly detail?: string | undefined;
  readonly native?: unknown;
}

/** The answer, or the fault that its finish reason makes of it. */
export function classifyReply(reply: WholeReply): ModelReply {
  const { text, calls, model, finishReason, detail, native } = reply;
  const usage = billed(reply);
  switch (finishReason) {
    case 'truncated':
      return repair('truncated', 'The reply was cut off at its token limit.', usage);
    case 'overflow':
      return repair('context-overflow', 'The conversation no longer fits into what the model can read.', usage);
    case 'refused':
      return repair('refused', `The model refused${detail ? `: ${oneLine(detail)}` : '.'}`, usage);
    case 'done':
      if (text.trim() === '' && calls.length === 0)
        return repair('empty', 'The reply holds neither text nor a call.', usage);
      return { kind: 'answer', text, calls, ...usage, model, ...(native !== undefined && { native }) };
    default:
      return finishReason satisfies never;
  }
}

/** A tool call from the text that the model wrote as its arguments. No text at all is a call without arguments. */
export function readCall(id: string, name: string, rawArguments: string): ToolCall {
  return { id, name, rawArguments, arguments: rawArguments.trim() === '' ? {} : readLenientObject(rawArguments) };
}

/** A fault for an answer that is not of the provider's documented shape. */
export function notUnderstood(raw: unknown): ModelFault {
  const shown = typeof raw === 'string' ? oneLine(raw).slice(0, 120) : oneLine(JSON.stringify(raw) ?? '').slice(0, 120);
  return {
    kind: 'fault',
    action: 'wait',
    code: 'invalid-body',
    message: `The answer is not of the provider's documented shape: ${shown === '' ? 'it is empty' : shown}`,
  };
}

function repair(code: FaultCode, message: string, usage: Pick<ModelFault, 'usage' | 'usd'>): ModelFault {
  return { kind: 'fault', action: 'repair', code, message, ...usage };
}

function billed({ usage, usd }: WholeReply): Pick<ModelFault, 'usage' | 'usd'> {
  return { ...(usage !== undefined && { usage }), ...(usd !== undefined && { usd }) };
}
