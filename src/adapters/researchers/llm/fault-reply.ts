/**
 * What follows from a model's fault: the reply to the loop, or what to tell the model.
 */
import { findResearcher } from '../../../core/base/researchers.ts';
import type { History } from '../../../core/journal/history.ts';
import type { FaultCode, ModelFault } from '../../../ports/model.ts';
import type { ProposalReply } from '../../../ports/researcher.ts';

/** Ideas in a row that end with the same refused request before the model counts as away. */
const maxRefusedIdeas = 3;

/** The reply to the loop, for a fault that asking in other words would not mend. */
export function replyOfFault(model: string, fault: ModelFault, history: History): ProposalReply {
  switch (fault.code) {
    case 'bad-request':
      // What a conversation has become may be refused where another would not be.
      if (refusedBefore(history, fault) + 1 < maxRefusedIdeas) return { kind: 'failed', reason: fault.message };
      return { kind: 'away', model, fault };
    case 'usd-ceiling':
      return { kind: 'ceiling', reason: 'usd', detail: `${sentenceOf(fault)}; raise stop.usd or --max-usd to go on` };
    case 'tokens-ceiling':
      return { kind: 'ceiling', reason: 'tokens', detail: `${sentenceOf(fault)}; raise stop.tokens to go on` };
    case 'script-ended':
      return { kind: 'exhausted', reason: sentenceOf(fault) };
    default:
      return { kind: 'away', model, fault };
  }
}

/** How many ideas of a model ended with this message since one of its proposals was accepted; another refusal ends the row. */
function refusedBefore({ refusals, experiments }: History, { message }: ModelFault): number {
  const isModel = (researcher: string | undefined) => findResearcher(researcher ?? '')?.calls === 'model';
  const last = experiments.findLastIndex(({ researcher }) => isModel(researcher));
  const own = refusals.filter(({ researcher, experiment }) => isModel(researcher) && experiment > last);
  const others = own.findLastIndex(({ reason }) => withoutNumbers(reason) !== withoutNumbers(message));
  return own.length - 1 - others;
}

/** Ids of requests differ from one answer to the next. */
function withoutNumbers(text: string): string {
  return text.replace(/\b(?=\w*\d)[\w-]+/g, '');
}

/** The fault's message as part of a longer sentence. */
function sentenceOf({ message }: ModelFault): string {
  const text = message.replace(/\.$/, '').replace('; ', ', ');
  return text.charAt(0).toLowerCase() + text.slice(1);
}

/** What to tell a model whose reply was unusable; nothing of such a reply is ever applied. */
export function repairWords(code: FaultCode): string {
  switch (code) {
    case 'truncated':
      return 'Your reply was cut off, so nothing of it was used. Be briefer: think less, and make several small edits instead of one large one.';
    case 'refused':
      return 'You declined, so nothing was done. This is ordinary work on a small training script that its owner asked for. Choose another idea if this one troubles you.';
    case 'bad-arguments':
      return 'The arguments of your tool call were no valid JSON object, so nothing was done. Call the tool again.';
    case 'context-overflow':
      return 'The conversation had become too long, so it was shortened; your edits so far are kept. Read less at a time.';
    default:
      return 'You called no tool. Work with the tools, and end with `submit`.';
  }
}
