/**
 * Calls the model once and journals what the call used and what it cost.
 */

import { noUsage } from '../../../core/base/model-usage.ts';
import { tools } from '../../../core/llm/tool-schemas.ts';
import type { ModelMessage, ModelReply } from '../../../ports/model.ts';
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
  const { options, request, signal, system, purpose } = asking;
  const { model, costOf, maxOutputTokens = defaults.maxOutputTokens } = options;
  const reply = await model.complete({ system, messages, tools, maxOutputTokens }, signal);
  if (reply.kind === 'fault' && (reply.action === 'stop' || reply.code === 'aborted') && !reply.usage) return reply;
  const usage = reply.usage ?? noUsage;
  const usd = costOf(usage);
  await request.record?.({
    event: 'model-called',
    experiment: request.experiment,
    attempt: request.attempt,
    purpose,
    model: reply.kind === 'answer' ? reply.model : model.name,
    outcome: reply.kind === 'answer' ? 'answer' : reply.code,
    usage,
    ...(usd === undefined ? {} : { usd }),
  });
  return reply;
}
