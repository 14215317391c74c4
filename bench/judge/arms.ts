/**
 * The shipped policy functions, wrapped for a simulated study; the decisions are theirs alone.
 */
import { createFold } from '../../src/core/journal/fold.ts';
import type { History } from '../../src/core/journal/history.ts';
import { isDoubtful } from '../../src/core/judge/doubt.ts';
import { confirm } from '../../src/core/judge/policies/confirm.ts';
import { greedy } from '../../src/core/judge/policies/greedy.ts';
import type { Policy } from '../../src/core/judge/policies/policy.ts';
import { dueCombination } from '../../src/core/judge/policies/value/combination.ts';
import { cautiousSigma, decide, effectOf } from '../../src/core/judge/policies/value/decide.ts';
import { chanceOfGain } from '../../src/core/judge/policies/value/posterior.ts';
import { runsOf, startWalk } from '../../src/core/judge/policies/value/walk.ts';
import { createStudyWalk } from '../../src/core/judge/policies/value/walk-history.ts';

/** A policy at work in one study. Proposals are named by their place in the order in which they were settled. */
export interface Judge {
  readonly decide: (values: readonly number[], mayRunAgain: boolean, combines?: Members) => 'keep' | 'revert' | 'rerun';
  /** Whether the incumbent is to be run again before the next proposal; its score is then told. */
  readonly doubts?: () => boolean;
  readonly runAgain?: (value: number) => void;
  /** Tells the policy whether a candidate was kept. */
  readonly settle: (values: readonly number[], isKept: boolean, combines?: Members) => void;
  /** The proposals that the policy wants to run together next; a policy that never does has none. */
  readonly combination?: () => Members | undefined;
  /** The probability that a candidate is a gain, as the verdict prints it; NaN where the policy does not say. */
  readonly chance: (values: readonly number[], combines?: Members) => number;
  /** The incumbent's score as the policy estimates it. */
  readonly reported: () => number;
  readonly sigma: () => number;
}

type Members = readonly number[];

/** Starts a policy in a study whose baseline runs gave these values. */
export type Arm = (baseline: readonly number[]) => Judge;

const own: ValueParts = {
  startWalk,
  runsOf,
  decide,
  dueCombination,
  chanceOfGain,
  effectOf,
  cautiousSigma,
  isDoubtful,
};

/** Policy's name -> policy; `value` stands here twice, with sigma given and with sigma inferred. */
export const arms: Readonly<Record<string, Arm>> = {
  greedy: byComparison(greedy),
  confirm: byComparison(confirm),
  'value, sigma known': (baseline) => byWalk(own, baseline, { sigma: 1 }),
  value: (baseline) => byWalk(own, baseline, {}),
};

/** The parts of `value` that a simulated study calls; another commit's stand in for them to be compared. */
export interface ValueParts {
  readonly startWalk: typeof startWalk;
  readonly runsOf: typeof runsOf;
  readonly decide: typeof decide;
  readonly dueCombination: typeof dueCombination;
  readonly chanceOfGain: typeof chanceOfGain;
  readonly effectOf: typeof effectOf;
  readonly cautiousSigma: typeof cautiousSigma;
  /** Absent in commits that doubted no gain. */
  readonly isDoubtful?: typeof isDoubtful;
}

interface Settled {
  readonly values: number[];
  readonly isKept: boolean;
  readonly combines: Members | undefined;
}

/** `value` with these parts, in a study whose baseline runs gave these values; sigma is inferred where it is not given. */
export function byWalk(
  { startWalk, runsOf, decide, dueCombination, chanceOfGain, effectOf, cautiousSigma, isDoubtful }: ValueParts,
  baseline: readonly number[],
  options: { sigma?: number },
): Judge {
  const first = [...baseline];
  const settled: Settled[] = [];
  let walk = startWalk(runsOf(first), options);
  let incumbent = { values: first, gain: 0, misses: 0 };
  const proposed = (combines?: Members) => ({ researcher: '', ...(combines && { combines }) });
  const add = ({ values, isKept, combines }: Settled) => walk.add({ ...runsOf(values), ...proposed(combines), isKept });
  return {
    decide: (values, mayRunAgain, combines) => {
      const decision = decide(walk.belief(), runsOf(values), proposed(combines), mayRunAgain);
      return decision === 'keep' || decision === 'revert' ? decision : 'rerun';
    },
    doubts: () => isDoubtful?.({ ...incumbent, runs: incumbent.values.length }) ?? false,
    runAgain: (value) => {
      incumbent.values.push(value);
      walk = startWalk(runsOf(first), options);
      for (const experiment of settled) add(experiment);
    },
    settle: (values, isKept, combines) => {
      const experiment = { values: [...values], isKept, combines };
      settled.push(experiment);
      const gain = (runsOf(incumbent.values).mean - runsOf(values).mean) / walk.belief().sigma;
      if (isKept) incumbent = { values: experiment.values, gain, misses: 0 };
      else incumbent.misses += 1;
      add(experiment);
    },
    combination: () => dueCombination(walk.belief(), () => true),
    chance: (values, combines) => {
      const belief = walk.belief();
      return chanceOfGain(effectOf(belief, runsOf(values), proposed(combines), cautiousSigma(belief)));
    },
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
      chance: () => Number.NaN,
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
