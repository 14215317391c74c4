/**
 * The shipped policy functions, wrapped for a simulated study; the decisions are theirs alone.
 */
import { createFold } from '../../src/core/journal/fold.ts';
import type { History } from '../../src/core/journal/history.ts';
import { confirm } from '../../src/core/judge/policies/confirm.ts';
import { greedy } from '../../src/core/judge/policies/greedy.ts';
import type { Policy } from '../../src/core/judge/policies/policy.ts';
import { decide } from '../../src/core/judge/policies/value/decide.ts';
import { runsOf, startWalk } from '../../src/core/judge/policies/value/walk.ts';
import { createStudyWalk } from '../../src/core/judge/policies/value/walk-history.ts';

/** A policy at work in one study. */
export interface Judge {
  readonly decide: (values: readonly number[], mayRunAgain: boolean) => 'keep' | 'revert' | 'rerun';
  /** Tells the policy whether a candidate was kept. */
  readonly settle: (values: readonly number[], isKept: boolean) => void;
  /** The incumbent's score as the policy estimates it. */
  readonly reported: () => number;
  readonly sigma: () => number;
}

/** Starts a policy in a study whose baseline runs gave these values. */
export type Arm = (baseline: readonly number[]) => Judge;

/** Policy's name -> policy; `value` stands here twice, with sigma given and with sigma inferred. */
export const arms: Readonly<Record<string, Arm>> = {
  greedy: byComparison(greedy),
  confirm: byComparison(confirm),
  'value, sigma known': (baseline) => byWalk(baseline, { sigma: 1 }),
  value: (baseline) => byWalk(baseline, {}),
};

function byWalk(baseline: readonly number[], options: { sigma?: number }): Judge {
  const walk = startWalk(runsOf(baseline), options);
  return {
    decide: (values, mayRunAgain) => {
      const decision = decide(walk.belief(), runsOf(values), '', mayRunAgain);
      return decision === 'keep' || decision === 'revert' ? decision : 'rerun';
    },
    settle: (values, isKept) => walk.add({ ...runsOf(values), researcher: '', isKept }),
    reported: () => walk.belief().origin + walk.belief().incumbent.mean * walk.belief().sigma,
    sigma: () => walk.belief().sigma,
  };
}

/** A policy that compares a candidate with the mean of the incumbent's runs. */
function byComparison(policy: Policy): Arm {
  const history = emptyHistory();
  const [record] = history.experiments;
  return (baseline) => {
    const walk = createStudyWalk();
    let incumbentMean = runsOf(baseline).mean;
    return {
      decide: (values, mayRunAgain) => {
        if (!record) throw new Error('a study has a baseline');
        const { mean, runs } = runsOf(values);
        const statistics = { mean, incumbentMean, gain: incumbentMean - mean, runs };
        const gains = values.map((value) => incumbentMean - value);
        return policy({ history, record, statistics, gains, noise: undefined, walk, mayRunAgain }).decision;
      },
      settle: (values, isKept) => {
        if (isKept) incumbentMean = runsOf(values).mean;
      },
      reported: () => incumbentMean,
      sigma: () => Number.NaN,
    };
  };
}

function emptyHistory(): History {
  const fold = createFold();
  const metric = { name: 'loss', goal: 'minimize' as const };
  const frozen = {
    metric,
    sandbox: '.',
    edit: [],
    include: [],
    train: [],
    budgetSeconds: 1,
    budgetClock: 'wall' as const,
  };
  const session = { prose: '', researcher: '', policy: '', engine: '', space: {}, timeoutSeconds: 1, stop: {} };
  const names = {
    tag: 'x',
    study: 'x',
    brief: 'x',
    start: '0'.repeat(40),
    isolation: '',
    interpreter: '',
    version: '',
  };
  fold.add({
    event: 'study-started',
    seq: 1,
    at: '2026-01-01T00:00:00Z',
    ...names,
    frozen,
    session,
    isSeedNamed: true,
  });
  const history = fold.history();
  if (!history) throw new Error('a started study has a history');
  return history;
}
