/**
 * The commits that a study's journal names, and the refs that point at them: all that git must hold for the study to go
 * on.
 */
import type { WholeHistory } from './held-out.ts';
import type { History } from './history.ts';

/**
 * Below `refs/autoresearch/<tag>/`: the ref's name -> its commit. The tip is where the study stands, even if its ref
 * has yet to be moved there.
 */
export function studyCommits({ history, heldOut }: WholeHistory): ReadonlyMap<string, string> {
  const attempts = history.experiments.flatMap(({ experiment, candidate }): [string, string][] =>
    candidate === undefined ? [] : [[String(experiment).padStart(4, '0'), candidate.commit]],
  );
  const contenders = heldOut.confirmations.flatMap(({ confirmation, contenders: all }) =>
    all.flatMap(({ contender, commit, without }): [string, string][] =>
      without === undefined ? [] : [[`confirm-${confirmation}/${contender}`, commit]],
    ),
  );
  return new Map([['0000', history.start], ...attempts, ...contenders, ['tip', history.tip]]);
}

/** The commits at which the tip has been, the start first: a tip at any other commit was moved by another program. */
export function earlierTips(history: History): readonly string[] {
  return [history.start, ...history.experiments.flatMap(({ kept, withdrawn }) => kept ?? withdrawn?.kept ?? [])];
}

/** Number of experiments with a final verdict in the journal, without the baseline. */
export function settledExperiments({ experiments }: History): number {
  return experiments.filter(({ experiment, verdict }) => experiment > 0 && verdict && verdict.decision !== 'rerun')
    .length;
}
