/**
 * One small call that shows whether a model can be asked: a minimal completion with the tools declared.
 *
 * Not the list of models: it would cost nothing, but tells neither of an empty account, nor of missing tools, nor of the
 * wrong `api:`, and many servers have none. The tools are all of a proposal's, since a server that reads their schemas
 * may refuse any one of them.
 */
import { noUsage, type TokenUsage } from '../../core/base/model-usage.ts';
import { tools } from '../../core/llm/tool-schemas.ts';
import type { BilledAttempt, Model, ModelFault, ModelReply, ModelRequest } from '../../ports/model.ts';
import type { SmallCall } from '../../ports/researcher.ts';
import type { Clock } from './clock.ts';

/** What the call found; without a fault the model can be asked. */
export interface SmallCallEnd {
  readonly fault?: ModelFault;
  readonly called: readonly SmallCall[];
}

export interface SmallCallOptions {
  readonly model: Model;
  /** In US dollars; undefined when the price is unknown. */
  readonly costOf: (usage: TokenUsage) => number | undefined;
  readonly clock: Clock;
}

/** A reply that is cut off is an answer all the same; some models think before they write. */
const maxOutputTokens = 1024;
const limitSeconds = 60;
/** Times that an answer which cannot be understood must come before it counts: one alone may be a gateway's. */
const maxAttempts = 3;

/** Begins every one of these calls, by which a log of requests tells them from proposals. */
export const smallCallWords = 'This call only shows whether you can be asked.';

const request: ModelRequest = {
  system: smallCallWords,
  messages: [{ role: 'user', text: 'Answer with the one word ok, and call no tool.' }],
  tools,
  maxOutputTokens,
};

/** Makes the call. It ends after a minute without an answer. */
export async function smallCall(options: SmallCallOptions, signal: AbortSignal): Promise<SmallCallEnd> {
  const called: SmallCall[] = [];
  for (let attempt = 1; ; attempt += 1) {
    const reply = await attemptOnce(options, signal, (billed) => called.push(billed));
    if (reply.kind === 'answer' || isThere(reply)) return { called };
    if (reply.code !== 'invalid-body' || attempt === maxAttempts || signal.aborted) return { fault: reply, called };
  }
}

async function attemptOnce(
  { model, clock, costOf }: SmallCallOptions,
  signal: AbortSignal,
  tell: (call: SmallCall) => void,
): Promise<ModelReply> {
  const limit = new AbortController();
  const done = new AbortController();
  void clock.sleep(limitSeconds * 1000, done.signal).then(() => limit.abort());
  let isTold = false;
  const onBilled = ({ model: named, outcome, usage, usd, isEstimated }: BilledAttempt): void => {
    isTold = true;
    const more = { ...(usd !== undefined && { usd }), ...(isEstimated && { estimated: true as const }) };
    tell({ model: named, asked: model.name, outcome, usage, ...more });
  };
  try {
    const reply = await model.complete({ ...request, onBilled }, AbortSignal.any([signal, limit.signal]));
    if (!isTold && reply.usage) onBilled(uncounted(model, reply, costOf(reply.usage)));
    return reply.kind === 'fault' && reply.code === 'aborted' && !signal.aborted ? timedOut : reply;
  } finally {
    done.abort();
  }
}

/** What a model used that no ceiling counts. */
function uncounted(model: Model, reply: ModelReply, usd: number | undefined): BilledAttempt {
  const [named, outcome] = reply.kind === 'answer' ? [reply.model, 'answer' as const] : [model.name, reply.code];
  return { model: named, outcome, usage: reply.usage ?? noUsage, usd, isEstimated: false };
}

/** Whether a fault shows a model that was asked: its reply was cut off, or a ceiling forbade the call. */
function isThere({ action }: ModelFault): boolean {
  return action === 'repair' || action === 'stop';
}

const timedOut: ModelFault = {
  kind: 'fault',
  action: 'wait',
  code: 'timed-out',
  message: `There was no answer to a small call within ${limitSeconds} s.`,
};
