/**
 * The `llm` researcher: a bounded, tool-using conversation per proposal, each with a fresh context made from the
 * journal.
 *
 * It keeps nothing between proposals that matters, so a resumed study goes on as it would have. The model has no shell,
 * no network and no file system: its tools read this study and edit a draft in memory.
 */
import { measuredExperiments, openingTexts } from '../../core/llm/context.ts';
import type { ExperimentTexts } from '../../core/llm/experiment-detail.ts';
import { detailedExperiments } from '../../core/llm/ledger.ts';
import { renderAsk, renderSystem } from '../../core/llm/prompt-values.ts';
import type { ModelMessage } from '../../ports/model.ts';
import type { ProposalRequest, Researcher } from '../../ports/researcher.ts';
import { converse } from './llm/conversation.ts';
import { insightDue, writeInsight } from './llm/insights.ts';
import { defaults, type LlmOptions } from './llm/options.ts';

export type { LlmOptions } from './llm/options.ts';

/** A researcher that asks this model. */
export function createLlmResearcher(options: LlmOptions): Researcher {
  const { maxTurns = defaults.maxTurns, maxRepairs = defaults.maxRepairs } = options;
  // An insight that the model failed to write is asked for again after ten more experiments, not at each proposal.
  let askedInsight = 0;
  return {
    name: 'llm',
    propose: async (request, signal) => {
      const { history, experiment } = request;
      const memory = await recall(options, request);
      const due = insightDue(history);
      const system = renderSystem(options.render, history, maxTurns, maxRepairs);
      const asking = { options, request, signal, system };
      const ask: ModelMessage = {
        role: 'user',
        text: renderAsk(options.render, history, experiment, request),
      };
      const reply = await converse({ ...asking, purpose: 'proposal' }, [...memory, ask]);
      if (reply.kind !== 'proposal' || due === undefined || due <= askedInsight) return reply;
      const afterwards = (ending: AbortSignal) => {
        askedInsight = due;
        return writeInsight({ ...asking, signal: ending }, memory, due);
      };
      return { ...reply, afterwards };
    },
  };
}

/**
 * The messages on the study and what has happened in it; those that change least come first, so that they stay cached.
 */
async function recall(options: LlmOptions, { history, source, space }: ProposalRequest): Promise<ModelMessage[]> {
  const known = new Map<number, ExperimentTexts>();
  for (const experiment of new Set([...measuredExperiments(history), ...detailedExperiments(history)])) {
    known.set(experiment, await options.readTexts(history, experiment));
  }
  const fixedFiles = await options.fixedFiles.list(history);
  const { render, delimiter } = options;
  const textsOf = (experiment: number) => known.get(experiment);
  const texts = openingTexts({ render, history, source, space, fixedFiles, textsOf, delimiter });
  return texts.map(({ text, isPrefixEnd }) => ({ role: 'user', text, ...(isPrefixEnd && { isPrefixEnd }) }));
}
