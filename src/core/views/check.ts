/**
 * Whether the journal and the repository agree, found from both without any code of the loop.
 */

import { isBetter } from '../base/metric.ts';
import { type ExperimentRecord, experimentOf, type History, keptInOrder, valuesOf } from '../journal/history.ts';
import { findKeepDisagreements } from './check-keeps.ts';

interface StoredCommit {
  readonly commit: string;
  readonly tree: string;
  readonly parents: readonly string[];
}

/** What the repository holds of a study, as an adapter read it. */
export interface Stored {
  readonly attempts: ReadonlyMap<number, StoredCommit>;
  readonly tip: string | undefined;
  readonly branch: { readonly commit: string; readonly isCheckedOut: boolean } | undefined;
  readonly accepted: readonly (StoredCommit & { readonly message?: string })[];
}

/** Every disagreement in one sentence; an empty list says that they agree. */
export function findDisagreements(history: History, stored: Stored): string[] {
  return [
    ...history.experiments.flatMap((record) => checkAttempt(record, stored)),
    ...checkUnknownAttempts(history, stored),
    ...checkAccepted(history, stored),
    ...checkRefs(history, stored),
    ...findKeepDisagreements(history, messagesOf(stored)),
    ...checkIncumbent(history),
  ];
}

/** By commit, what the keeps say of themselves. */
export function messagesOf({ accepted }: Pick<Stored, 'accepted'>): ReadonlyMap<string, string> {
  return new Map(accepted.flatMap(({ commit, message }) => (message === undefined ? [] : [[commit, message]])));
}

function checkAttempt(record: ExperimentRecord, { attempts }: Stored): string[] {
  const { experiment, candidate } = record;
  const found = attempts.get(experiment);
  if (!candidate) return [];
  if (!found) return [`experiment ${experiment}: its ref is missing, the journal has commit ${candidate.commit}`];
  if (found.commit !== candidate.commit) {
    return [`experiment ${experiment}: its ref is at ${found.commit}, the journal has ${candidate.commit}`];
  }
  return found.tree === candidate.tree
    ? []
    : [`experiment ${experiment}: its tree is ${found.tree}, the journal has ${candidate.tree}`];
}

function checkUnknownAttempts(history: History, { attempts }: Stored): string[] {
  const unknown = [...attempts.keys()].filter((number) => number >= history.experiments.length);
  return unknown.map((number) => `the ref of attempt ${number} is in the repository but not in the journal`);
}

function checkAccepted(history: History, { accepted }: Stored): string[] {
  const keeps = keptInOrder(history).filter(({ experiment }) => experiment > 0);
  // A keep is out, and the branch has yet to leave it: what stands there is no longer the journal's line.
  if (history.branch !== history.tip && isWithdrawn(history, history.branch)) return [];
  const chain = [...accepted].reverse();
  // After a crash between a keep's verdict and `branch-moved`, the branch may or may not have moved.
  const isMovePending = keeps.at(-1)?.isBranchMoved === false;
  const kept = isMovePending && chain.length === keeps.length - 1 ? keeps.slice(0, -1) : keeps;
  if (chain.length !== kept.length)
    return [`the branch has ${chain.length} accepted commits, the journal has ${kept.length} keeps`];
  return kept.flatMap((record, index) => {
    const commit = chain[index];
    if (commit?.commit !== record.kept)
      return [`keep ${record.experiment}: the branch has ${commit?.commit}, the journal has ${record.kept}`];
    if (commit?.tree !== record.candidate?.tree)
      return [`keep ${record.experiment}: its tree is not the one that was run`];
    const parent = record.parent === undefined ? undefined : experimentOf(history, record.parent).kept;
    return commit?.parents[0] === parent
      ? []
      : [`keep ${record.experiment}: it stands on ${commit?.parents[0]}, the journal says ${parent}`];
  });
}

function isWithdrawn({ experiments }: History, commit: string): boolean {
  return experiments.some(({ withdrawn }) => withdrawn?.kept === commit);
}

function checkRefs(history: History, { tip, branch }: Stored): string[] {
  const moved = history.branch;
  if (history.experiments[0]?.candidate === undefined) return [];
  const problems = [];
  if (tip !== moved && tip !== history.tip) problems.push(`the tip is at ${tip}, the journal says ${moved}`);
  if (!branch) problems.push('the branch is missing');
  else if (!branch.isCheckedOut && branch.commit !== moved && branch.commit !== history.tip) {
    problems.push(`the branch is at ${branch.commit}, the journal says ${moved}`);
  }
  return problems;
}

/** Each keep must have been better than the incumbent that it replaced, by the figures in the journal itself. */
function checkIncumbent(history: History): string[] {
  return history.experiments.flatMap((record) => {
    const statistics = record.verdict?.statistics;
    if (!record.kept || record.experiment === 0 || !statistics || record.verdict?.grounds) return [];
    if (valuesOf(record).length === 0) return [`keep ${record.experiment}: it has no score`];
    const { mean, incumbentMean, estimate = { candidate: mean, incumbent: incumbentMean } } = statistics;
    const isReally = isBetter(history.frozen.metric.goal, estimate.candidate, estimate.incumbent);
    return isReally ? [] : [`keep ${record.experiment}: it is not better than what it replaced`];
  });
}
