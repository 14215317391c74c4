/** Journals of studies in which arms proposed, for the bandit and its views. */
import type { ArmName } from '../../src/core/base/researchers.ts';
import { researcherOf, wantedKind } from '../../src/core/journal/arm.ts';
import type { Entry } from '../../src/core/journal/entry.ts';
import { createFold } from '../../src/core/journal/fold.ts';
import type { History } from '../../src/core/journal/history.ts';
import { turnKnobs } from '../../src/testing/index.ts';
import { createJournal, failed, fakeHash, scored } from './journal.ts';

export interface ArmStudy {
  readonly history: () => History;
  /** An experiment of this arm: kept with a gain above zero, else reverted. Its training takes one budget, its proposal no time. */
  readonly pull: (arm: ArmName, gain?: number, seconds?: number, thoughtSeconds?: number) => ArmStudy;
  /** An experiment of this arm that crashed. */
  readonly crash: (arm: ArmName) => ArmStudy;
  /** A proposal of this arm that came to nothing. */
  readonly refuse: (arm: ArmName, thoughtSeconds?: number) => ArmStudy;
}

/** A study whose baseline has been measured: the budget is 5 s, one sigma is 0.1. */
export function createArmStudy(): ArmStudy {
  const fold = createFold();
  const begun = createJournal().baseline(scored(99.9), scored(100), scored(100.1));
  for (const entry of begun.entries) fold.add(entry);
  let seq = begun.entries.length;
  let best = 100;
  const add = (body: Parameters<typeof begun.add>[0]) =>
    fold.add({ ...body, seq: ++seq, at: new Date(Date.UTC(2024, 10, 24) + seq * 1000).toISOString() } as Entry);
  const history = () => {
    const current = fold.history();
    if (!current) throw new Error('the study has begun');
    return current;
  };
  const propose = (arm: ArmName, thoughtSeconds = 0) => {
    const experiment = history().experiments.length;
    const by = { researcher: researcherOf(arm), arm, why: 'it is so', thoughtSeconds };
    const kind = wantedKind(arm) ?? (arm === 'command-code' ? 'code' : 'knobs');
    const proposal = { ...turnKnobs({ LR: experiment }), kind };
    add({ event: 'proposal-made', experiment, attempt: 0, parent: history().incumbent, proposal, ...by });
    add({ event: 'run-started', experiment, run: 1, seed: experiment });
    return experiment;
  };
  const study: ArmStudy = {
    history,
    pull: (arm, gain = 0, seconds = 5, thoughtSeconds = 0) => {
      const experiment = propose(arm, thoughtSeconds);
      const mean = best - gain;
      add({ event: 'run-ended', experiment, run: 1, result: { ...scored(mean), seconds } });
      const statistics = { mean, incumbentMean: best, gain, runs: 1 };
      const decision = gain > 0 ? 'keep' : 'revert';
      const kept = gain > 0 ? { kept: fakeHash('keep', experiment) } : {};
      add({ event: 'verdict-given', experiment, verdict: { decision, reason: 'by the numbers', statistics }, ...kept });
      if (gain > 0) best = mean;
      return study;
    },
    crash: (arm) => {
      const experiment = propose(arm);
      add({ event: 'run-ended', experiment, run: 1, result: { ...failed(), seconds: 5 } });
      add({ event: 'verdict-given', experiment, verdict: { decision: 'revert', reason: 'exit code 1' } });
      return study;
    },
    refuse: (arm, thoughtSeconds = 1) => {
      const experiment = history().experiments.length;
      const attempt = history().refusedInARow;
      const by = { researcher: researcherOf(arm), arm, why: 'it is so', thoughtSeconds };
      add({ event: 'proposal-refused', experiment, attempt, title: '', reason: 'nothing came of it', ...by });
      return study;
    },
  };
  return study;
}
