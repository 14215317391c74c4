import type { Goal } from '../../../../src/core/base/metric.ts';
import { createRandom } from '../../../../src/core/base/random.ts';
import type { Entry, EntryBody } from '../../../../src/core/journal/entry.ts';
import { createFold } from '../../../../src/core/journal/fold.ts';
import { type ExperimentRecord, experimentOf, type History } from '../../../../src/core/journal/history.ts';
import { judge } from '../../../../src/core/judge/judge.ts';
import { createStudyWalk } from '../../../../src/core/judge/policies/value/walk-history.ts';
import { drawNormal } from '../../../../src/core/statistics/draw-normal.ts';
import { turnKnobs } from '../../../../src/testing/index.ts';
import { createJournal, failed, fakeHash, scored } from '../../../helpers/journal.ts';

/** A study whose candidates add a known effect to the incumbent's score, judged as the loop judges. */
export interface Study {
  readonly entries: readonly Entry[];
  readonly history: () => History;
  /** One experiment, run again for as long as the policy wants; negative effects are better. */
  readonly experiment: (effect: number | EffectOfRun, noiseName?: string, known?: Known) => ExperimentRecord;
  /** An experiment that crashes. */
  readonly fail: () => void;
}

/** An effect that is not the same in each run, as where training diverges now and then; its first run's is the true one. */
type EffectOfRun = (run: number) => number;

/** What is known of a proposal before it runs. */
type Known = Pick<ExperimentRecord, 'expects' | 'repeats'>;

interface Options {
  readonly seed: string;
  readonly goal?: Goal;
  readonly sigma?: number;
  readonly isSeedNamed?: boolean;
}

/** The baseline's score is 2. */
export function beginStudy({ seed, goal = 'minimize', sigma = 0.01, isSeedNamed = true }: Options): Study {
  const sign = goal === 'minimize' ? 1 : -1;
  const [start] = createJournal({ isSeedNamed }).entries;
  const entries: Entry[] = [];
  const fold = createFold();
  const add = (body: EntryBody) => {
    const seq = entries.length + 1;
    const entry = { ...body, seq, at: new Date(Date.UTC(2026, 10, 23, 22, 0, seq)).toISOString() };
    entries.push(entry);
    fold.add(entry);
  };
  const history = () => fold.history() as History;
  const walk = createStudyWalk();
  const measure = (truth: number, name: string) =>
    scored(sign * (truth + sigma * noise(`${seed}/${name}`)), { resolution: 1e-9 });
  let truth = 2;
  let count = 0;
  const run = (number: number, result: ReturnType<typeof failed>) => {
    add({ event: 'run-started', experiment: count, run: number, seed: number });
    add({ event: 'run-ended', experiment: count, run: number, result });
  };
  const commit = () =>
    add({
      event: 'candidate-committed',
      experiment: count,
      commit: fakeHash('commit', count),
      tree: fakeHash('tree', count),
      content: String(count),
    });
  const decide = () => {
    const verdict = judge(history(), count, 'value', walk);
    const kept = verdict.decision === 'keep' ? { kept: fakeHash('keep', count) } : {};
    add({ event: 'verdict-given', experiment: count, verdict, ...kept });
    return verdict.decision;
  };
  const propose = (known: Known = {}) => {
    count += 1;
    const proposal = turnKnobs({ LR: count });
    const parent = history().incumbent;
    add({ event: 'proposal-made', experiment: count, attempt: 0, parent, researcher: 'random', proposal, ...known });
    commit();
  };

  if (start?.event === 'study-started') {
    add({ ...start, frozen: { ...start.frozen, metric: { name: 'val_bpb', goal } } });
  }
  commit();
  for (const number of [1, 2, 3]) run(number, measure(truth, `baseline ${number}`));
  decide();

  return {
    entries,
    history,
    experiment: (effect, noiseName = `experiment ${count + 1}`, known = {}) => {
      propose(known);
      const effectOf = typeof effect === 'number' ? () => effect : effect;
      for (let number = 1; ; number++) {
        run(number, measure(truth + effectOf(number), `${noiseName}, run ${number}`));
        const decision = decide();
        if (decision === 'keep') truth += effectOf(1);
        if (decision !== 'rerun') return experimentOf(history(), count);
      }
    },
    fail: () => {
      propose();
      run(1, failed());
      decide();
    },
  };
}

/** A standard normal number. */
function noise(name: string): number {
  return drawNormal(createRandom(name).unit);
}
