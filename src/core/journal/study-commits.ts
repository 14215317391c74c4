/**
 * The commits that a study's journal names, and the refs that point at them: all that git must hold for the study to go on.
 */
import type { WholeHistory } from './held-out.ts';
import type { History } from './history.ts';

/** Below `refs/autoresearch/<tag>/`: the ref's name -> its commit. The tip is where the study is, moved there yet or not. */
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

/** Where the tip has been, the start first: a place that says it is elsewhere was moved by somebody else. */
export function earlierTips(history: History): readonly string[] {
  return [history.start, ...history.experiments.flatMap(({ kept }) => kept ?? [])];
}

/** Experiments whose outcome is in the journal, the baseline apart. */
export function settledExperiments({ experiments }: History): number {
  return experiments.filter(({ experiment, verdict }) => experiment > 0 && verdict && verdict.decision !== 'rerun')
    .length;
}
