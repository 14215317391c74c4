/**
 * What follows from a model's fault: the reply to the loop, or what to tell the model.
 */
import type { FaultCode, ModelFault } from '../../../ports/model.ts';
import type { ProposalReply } from '../../../ports/researcher.ts';

/** The reply to the loop, for a fault that asking in other words would not mend. */
export function replyOfFault(model: string, fault: ModelFault): ProposalReply {
  switch (fault.code) {
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
