/**
 * Calls the model once and journals what the call used and what it cost, attempts that failed included.
 */

import { noUsage } from '../../../core/base/model-usage.ts';
import { tools } from '../../../core/llm/tool-schemas.ts';
import type { BilledAttempt, ModelMessage, ModelReply } from '../../../ports/model.ts';
import type { ProposalRequest } from '../../../ports/researcher.ts';
import { defaults, type LlmOptions } from './options.ts';

export interface Asking {
  readonly options: LlmOptions;
  readonly request: ProposalRequest;
  readonly signal: AbortSignal;
  /** The same bytes in every call, as are the tools, so that the provider can cache them. */
  readonly system: string;
  readonly purpose: 'proposal' | 'insight';
}

/** The model's reply; a call that was not made, because of a ceiling or a stop, leaves no entry. */
export async function askModel(asking: Asking, messages: readonly ModelMessage[]): Promise<ModelReply> {
  const { options, signal, system } = asking;
  const { model, maxOutputTokens = defaults.maxOutputTokens } = options;
  const entries: Promise<unknown>[] = [];
  const onBilled = (attempt: BilledAttempt) => void entries.push(journal(asking, attempt));
  const reply = await model.complete({ system, messages, tools, maxOutputTokens, onBilled }, signal);
  const isToldOfAll = reply.usage !== undefined && entries.length > 0;
  if (!isToldOfAll && !isUnmade(reply)) entries.push(journal(asking, lastAttempt(options, reply)));
  await Promise.all(entries);
  return reply;
}

async function journal({ options, request, purpose }: Asking, attempt: BilledAttempt): Promise<void> {
  const { model, outcome, usage, usd, isEstimated } = attempt;
  await request.record?.({
    event: 'model-called',
    experiment: request.experiment,
    attempt: request.attempt,
    purpose,
    model,
    asked: options.model.name,
    outcome,
    usage,
    ...(usd === undefined ? {} : { usd }),
    ...(isEstimated && { estimated: true as const }),
  });
}

function isUnmade(reply: ModelReply): boolean {
  return reply.kind === 'fault' && (reply.action === 'stop' || reply.code === 'aborted') && !reply.usage;
}

/** A reply of a model that nothing meters, or a fault that used nothing. */
function lastAttempt({ model, costOf }: LlmOptions, reply: ModelReply): BilledAttempt {
  const usage = reply.usage ?? noUsage;
  return {
    model: reply.kind === 'answer' ? reply.model : model.name,
    outcome: reply.kind === 'answer' ? 'answer' : reply.code,
    usage,
    usd: reply.usd ?? costOf(usage),
    isEstimated: false,
  };
}
