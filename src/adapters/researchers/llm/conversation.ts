/**
 * The conversation about one proposal: bounded in turns and in failed attempts, and over at the first accepted
 * submission.
 */
import type { ModelAnswer, ModelFault, ModelMessage, ToolResult } from '../../../ports/model.ts';
import type { ProposalReply } from '../../../ports/researcher.ts';
import { type Asking, askModel } from './ask-model.ts';
import { repairWords, replyOfFault } from './fault-reply.ts';
import { defaults } from './options.ts';
import { createToolbox, type Performed, type Toolbox } from './toolbox.ts';

const maxCallsPerTurn = 16;
/** In this many last turns the model is told how many are left. */
const warnedTurns = 3;

/** Talks until there is a proposal, or a reason why there is none. `opening` are the messages it begins with. */
export async function converse(asking: Asking, opening: readonly ModelMessage[]): Promise<ProposalReply> {
  const { options, request, signal } = asking;
  const { maxTurns = defaults.maxTurns, maxRepairs = defaults.maxRepairs } = options;
  const toolbox = createToolbox(options, request, signal);
  let messages: readonly ModelMessage[] = opening;
  let repairs = 0;
  for (let turnsLeft = maxTurns - 1; turnsLeft >= 0; turnsLeft--) {
    const reply = await askModel(asking, messages);
    const turn =
      reply.kind === 'fault'
        ? turnAfterFault(asking, reply, messages, opening)
        : await takeTurn(toolbox, reply, turnsLeft);
    if (turn.kind === 'over') return turn.reply;
    if (turn.mistake !== undefined) repairs += 1;
    if (repairs > maxRepairs) {
      return failed(toolbox, `given up after ${maxRepairs} repairs: ${causeOf(toolbox, turn.mistake ?? '')}`);
    }
    messages = turn.kind === 'restart' ? turn.messages : [...messages, ...turn.messages];
  }
  const cause = causeOf(toolbox, '');
  return failed(toolbox, `nothing was accepted within ${maxTurns} turns${cause === '' ? '' : `: ${cause}`}`);
}

/** What the last mistake comes from: while no edit has applied, the first one that failed says more than what followed. */
function causeOf(toolbox: Toolbox, mistake: string): string {
  const failedEdit = toolbox.failedEdit();
  return failedEdit === undefined ? mistake : firstLine(failedEdit);
}

type Turn =
  | { readonly kind: 'over'; readonly reply: ProposalReply }
  /** Messages to add to the conversation. */
  | { readonly kind: 'append'; readonly messages: readonly ModelMessage[]; readonly mistake: string | undefined }
  /** Messages to replace the conversation by. */
  | { readonly kind: 'restart'; readonly messages: readonly ModelMessage[]; readonly mistake: string };

function turnAfterFault(
  { options, request }: Asking,
  fault: ModelFault,
  messages: readonly ModelMessage[],
  opening: readonly ModelMessage[],
): Turn {
  if (fault.action !== 'repair')
    return { kind: 'over', reply: replyOfFault(options.model.name, fault, request.history) };
  const words: ModelMessage = { role: 'user', text: repairWords(fault.code) };
  if (fault.code !== 'context-overflow') return { kind: 'append', messages: [words], mistake: fault.message };
  // First the turns since the opening are dropped; when it is still too long, the ledger is dropped too.
  const kept = messages.length > opening.length + 1 ? opening : [opening[0], opening[1], opening.at(-1)];
  return {
    kind: 'restart',
    messages: [...kept.filter((message) => message !== undefined), words],
    mistake: fault.message,
  };
}

/** Performs the calls of one answer in their order, up to the one that is accepted. */
async function takeTurn(toolbox: Toolbox, answer: ModelAnswer, turnsLeft: number): Promise<Turn> {
  const { text, calls, native } = answer;
  const said: ModelMessage = { role: 'assistant', text, calls, ...(native === undefined ? {} : { native }) };
  if (calls.length === 0) {
    return {
      kind: 'append',
      messages: [said, { role: 'user', text: repairWords('empty') }],
      mistake: 'it called no tool, as models and servers without tool calling do (docs/models.md, "No tools")',
    };
  }
  const results: ToolResult[] = [];
  let mistake: string | undefined;
  for (const [index, call] of calls.entries()) {
    const performed = index < maxCallsPerTurn ? await toolbox.perform(call) : tooMany;
    if (performed.proposal) return { kind: 'over', reply: { kind: 'proposal', proposal: performed.proposal } };
    if (performed.kind === 'mistake') mistake ??= firstLine(performed.text);
    results.push({ callId: call.id, text: performed.text, isError: performed.kind !== 'done' });
  }
  return { kind: 'append', messages: [said, { role: 'tool', results: withWarning(results, turnsLeft) }], mistake };
}

const tooMany: Performed = { kind: 'wrong', text: `At most ${maxCallsPerTurn} calls are performed in one turn.` };

function withWarning(results: readonly ToolResult[], turnsLeft: number): readonly ToolResult[] {
  if (turnsLeft === 0 || turnsLeft > warnedTurns) return results;
  const words = `\n\n(${turnsLeft === 1 ? 'One turn is' : `${turnsLeft} turns are`} left. Submit what you have.)`;
  return results.map((result, index) =>
    index === results.length - 1 ? { ...result, text: result.text + words } : result,
  );
}

function failed(toolbox: Toolbox, reason: string): ProposalReply {
  const title = toolbox.title();
  return { kind: 'failed', reason, ...(title === undefined ? {} : { title }) };
}

function firstLine(text: string): string {
  return (text.split('\n')[0] ?? '').replace(/:$/, '').slice(0, 200);
}
