/**
 * The `bayes` researcher: asks Optuna what to try next, given every trial that still applies.
 *
 * Each question holds all trials, so a study that was killed asks it again and gets the same answer. When the proposal
 * was tried before, Optuna is asked again with another seed; when it has nothing new, or fails, `random` proposes
 * instead, and is journalled as the one that did.
 */
import { valuesOf } from '../../../core/journal/history.ts';
import type { Proposal } from '../../../core/journal/proposal.ts';
import { applyEdits } from '../../../core/proposal/patch.ts';
import { proposeKnobs } from '../../../core/space/knob-proposal.ts';
import { fitSettings } from '../../../core/space/search/fit-settings.ts';
import { nearFirst } from '../../../core/space/search/near-first.ts';
import { type SamplerName, searchQuestion, settingsOf } from '../../../core/space/search/search-question.ts';
import type { Trials } from '../../../core/space/trials/trials.ts';
import type { ProposalReply, ProposalRequest, Researcher } from '../../../ports/researcher.ts';
import { createRandomResearcher } from '../random-researcher.ts';
import type { ReadTrials } from '../trial-reader.ts';
import type { OptunaProcess } from './optuna-process.ts';

export interface BayesOptions {
  readonly optuna: OptunaProcess;
  readonly readTrials: ReadTrials;
  /** `automatic` uses the Gaussian process where it can run and trials are few: `choose_sampler` in ask_optuna.py. */
  readonly sampler?: SamplerName;
}

/** Seeds with which Optuna is asked for a proposal that is new. */
const maxSeeds = 6;

/** A researcher that keeps nothing between two proposals. */
export function createBayesResearcher({ optuna, readTrials, sampler = 'automatic' }: BayesOptions): Researcher {
  const random = createRandomResearcher();
  return {
    name: 'bayes',
    propose: async (request, signal) => {
      const { space, seed } = request;
      if (space.length === 0) return { kind: 'exhausted', reason: 'there is no knob to turn' };
      const trials = await readTrials(request.history);
      const first = nearFirst(space, request.history);
      for (let index = 0; index < maxSeeds; index++) {
        const text = index === 0 ? seed : `${seed}/again ${index}`;
        // The other policies would judge the same candidate by its new run alone, and keep the luckier of two.
        const mayRepeat = index === 0 && request.history.session.policy === 'value';
        const question = searchQuestion(first, trials, sampler, text, mayRepeat);
        const answer = await optuna.ask(question, signal);
        // A stop by the owner is no failure of Optuna: the next session asks again.
        if (answer.kind === 'failed' && signal.aborted) return answer;
        if (answer.kind === 'failed') {
          return standIn(random, request, signal, { reason: `Optuna failed: ${answer.reason}`, isFailure: true });
        }
        const settings = fitSettings(space, settingsOf(space, answer.values));
        if (settings.length === 0) continue;
        const { expects } = answer;
        const proposal = proposeKnobs(settings, hypothesisOf(answer.sampler, trials));
        const earlier = await earlierOf(request, proposal.edits);
        if (earlier === undefined) return { kind: 'proposal', proposal, ...(expects && { expects }) };
        const repeated = mayRepeat && expects && expects.gain > 0 && isSettled(request, earlier);
        if (repeated) return { kind: 'proposal', proposal: secondLook(proposal, earlier), expects, repeats: earlier };
      }
      return standIn(random, request, signal, {
        reason: 'Optuna proposed only what was tried before',
        isFailure: false,
      });
    },
  };
}

async function standIn(
  random: Researcher,
  request: ProposalRequest,
  signal: AbortSignal,
  { reason, isFailure }: { readonly reason: string; readonly isFailure: boolean },
): Promise<ProposalReply> {
  const reply = await random.propose(request, signal);
  if (reply.kind !== 'proposal') return reply;
  const { proposal } = reply;
  return {
    kind: 'proposal',
    proposal: { ...proposal, hypothesis: `${reason}. ${proposal.hypothesis}` },
    by: {
      researcher: random.name,
      why: `in place of bayes: ${reason}`,
      ...(isFailure && { inPlaceOf: { researcher: 'bayes', reason } }),
    },
  };
}

function hypothesisOf(sampler: string, { finished }: Trials): string {
  if (sampler.startsWith('a start')) return `Bayesian search: ${sampler}, of which it learns.`;
  return `Bayesian search: what ${sampler} expects most of after ${finished.length} trials.`;
}

/** The experiment that had the same files; undefined for new ones. */
async function earlierOf(
  { source, findEarlier }: ProposalRequest,
  edits: Parameters<typeof applyEdits>[1],
): Promise<number | undefined> {
  const patch = applyEdits(source, edits);
  return patch.kind === 'refused' ? undefined : findEarlier?.(patch.files);
}

/** Whether an experiment was measured and not kept, so that a second look at it can change something. */
function isSettled({ history }: ProposalRequest, experiment: number): boolean {
  const record = history.experiments[experiment];
  return record?.verdict?.decision === 'revert' && !record.withdrawn && valuesOf(record).length > 0;
}

function secondLook(proposal: Proposal, earlier: number): Proposal {
  const hypothesis = `Experiment ${earlier} was reverted, and by all trials together it is better than the incumbent: noise may have hidden it. Run once more as it was.`;
  return { ...proposal, hypothesis };
}
