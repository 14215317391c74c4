import { describe, expect, it } from 'vitest';
import {
  type ConfirmationStep,
  confirmationFor,
  nextConfirmationSteps,
} from '../../../src/core/confirm/next-confirmation-step.ts';
import { scoresOf } from '../../../src/core/confirm/planned-runs.ts';
import { fits } from '../../../src/core/journal/fits.ts';
import type { RunResult } from '../../../src/core/journal/run.ts';
import { createJournal, failed, fakeHash, type Journal, scored } from '../../helpers/journal.ts';

function planned(runs = 2, contenders = ['baseline', 'final'], budgetSeconds?: number): Journal {
  return createJournal()
    .baseline(scored(3), scored(3.1), scored(2.9))
    .experiment(scored(2.8), 'keep')
    .add({
      event: 'confirmation-planned',
      confirmation: 1,
      experiment: 1,
      split: 'validation',
      reason: 'no scorer',
      runs,
      isAblated: contenders.length > 2,
      ...(budgetSeconds === undefined ? {} : { budgetSeconds }),
      contenders: contenders.map((contender) => ({ contender, commit: fakeHash('commit', 0) })),
      inseparable: [],
    });
}

/** The one thing to do where there is one slot. */
function nextStep(journal: Journal, confirmation = 1): ConfirmationStep {
  const steps = nextConfirmationSteps(journal.whole(), confirmation, 1);
  expect(steps).toHaveLength(1);
  return steps[0] as ConfirmationStep;
}

/** Does what the steps say, each run with this result, until one is no run; says what was run. */
function perform(journal: Journal, resultOf: (contender: string, attempt: number) => RunResult, confirmation = 1) {
  const made: { contender: string; run: number; seed: number }[] = [];
  for (;;) {
    const step = nextStep(journal, confirmation);
    if (step.kind !== 'start-run') return { made, ending: step.kind };
    const { contender, run, seed } = step;
    made.push({ contender, run, seed });
    journal.add({ event: 'confirmation-run-started', confirmation, contender, run, seed });
    expect(nextStep(journal, confirmation)).toEqual({ ...step, kind: 'await-run' });
    journal.add({
      event: 'confirmation-run-ended',
      confirmation,
      contender,
      run,
      result: resultOf(contender, made.length),
    });
  }
}

describe('a confirmation', () => {
  it('begins with a plan', () => {
    const journal = createJournal().baseline(scored(3)).experiment(scored(2), 'keep');
    expect(nextStep(journal)).toEqual({ kind: 'plan-confirmation' });
  });

  it('lets its contenders take turns, every second round in reverse', () => {
    const { made, ending } = perform(planned(3, ['baseline', 'final', 'without-1']), () => scored(2));
    expect(made.map(({ contender }) => contender)).toEqual([
      ...['baseline', 'final', 'without-1'],
      ...['without-1', 'final', 'baseline'],
      ...['baseline', 'final', 'without-1'],
    ]);
    expect(ending).toBe('conclude');
  });

  it('never uses a seed twice, nor one that the study has used', () => {
    const journal = planned(20);
    const { made } = perform(journal, () => scored(2));
    const used = journal.entries.flatMap((entry) => (entry.event === 'run-started' ? [entry.seed] : []));
    expect(new Set([...used, ...made.map(({ seed }) => seed)]).size).toBe(used.length - 1 + 40);
  });

  it('takes another seed when a run of the study has its own', () => {
    const [first] = perform(planned(), () => scored(2)).made;
    const journal = planned();
    journal.add({ event: 'run-started', experiment: 1, run: 2, seed: first?.seed ?? 0 });
    const step = nextStep(journal);
    expect(step).toMatchObject({ kind: 'start-run', contender: 'baseline', run: 1 });
    expect(step).not.toHaveProperty('seed', first?.seed);
  });

  it('counts a crash as a result and does not repeat it', () => {
    const { made, ending } = perform(planned(), (contender) => (contender === 'final' ? failed() : scored(2)));
    expect([made.length, ending]).toEqual([4, 'conclude']);
  });

  it('repeats a run that was cancelled or lost with the same seed', () => {
    const { made } = perform(planned(), (_, attempt) => {
      if (attempt === 1) return failed('lost');
      return attempt === 2 ? failed('cancelled') : scored(2);
    });
    expect(made.map(({ contender }) => contender)).toEqual([
      'baseline',
      'baseline',
      'baseline',
      'final',
      'final',
      'baseline',
    ]);
    expect(new Set(made.slice(0, 3).map(({ seed }) => seed)).size).toBe(1);
    expect(made.at(-1)?.seed).not.toBe(made[0]?.seed);
  });

  it('repeats a run that the machine disturbed with the same seed', () => {
    const disturbed = { ...scored(2), contention: { reason: 'other work', isRepeated: true } };
    const { made } = perform(planned(), (_, attempt) => (attempt === 1 ? disturbed : scored(2)));
    expect(made.map(({ contender }) => contender)).toEqual(['baseline', 'baseline', 'final', 'final', 'baseline']);
    expect(made[1]?.seed).toBe(made[0]?.seed);
  });

  it('takes a run that is lost three times for a failed one', () => {
    const { made, ending } = perform(planned(), (contender) => (contender === 'final' ? failed('lost') : scored(2)));
    expect([made.length, ending]).toEqual([2 + 6, 'conclude']);
  });

  it('that is unfinished goes on, unless another one is asked for or the study has moved on', () => {
    const journal = planned();
    expect(confirmationFor(journal.whole(), {})).toBe(1);
    expect(confirmationFor(journal.whole(), { runs: 2, isAblated: false })).toBe(1);
    expect(confirmationFor(journal.whole(), { runs: 7 })).toBe(2);
    expect(confirmationFor(journal.whole(), { isAblated: true })).toBe(2);
    journal.experiment(scored(2.5), 'keep');
    expect(confirmationFor(journal.whole(), {})).toBe(2);
  });

  it('that has its result is done, and the next one has a number of its own', () => {
    const journal = planned();
    const summary = { n: 0, failed: 2 };
    journal.add({ event: 'gain-confirmed', confirmation: 1, gain: { baseline: summary, final: summary, steps: [] } });
    expect(nextStep(journal)).toEqual({ kind: 'done' });
    expect(confirmationFor(journal.whole(), {})).toBe(2);
  });

  it('adds nothing to the live time of the study, and changes none of its verdicts', () => {
    const journal = createJournal().baseline(scored(3)).experiment(scored(2), 'keep');
    const { lastSeq: _, ...before } = structuredClone(journal.history());
    for (const entry of planned().entries.slice(-1)) journal.add(entry);
    perform(journal, () => scored(2));
    const { lastSeq: __, ...after } = journal.history();
    expect(after).toEqual(before);
    expect(journal.whole().heldOut.confirmations).toHaveLength(1);
  });
});

describe('a confirmation on several slots', () => {
  type Started = Extract<ConfirmationStep, { kind: 'start-run' }>;

  function start(journal: Journal, slots: number): Started | undefined {
    const step = nextConfirmationSteps(journal.whole(), 1, slots).find(({ kind }) => kind === 'start-run');
    if (step?.kind !== 'start-run') return undefined;
    const { kind: _, ...run } = step;
    journal.add({ event: 'confirmation-run-started', ...run });
    return step;
  }

  function fill(journal: Journal, slots: number): Started[] {
    const made: Started[] = [];
    for (let step = start(journal, slots); step; step = start(journal, slots)) made.push(step);
    return made;
  }

  function end(journal: Journal, { contender, run }: Started, result: RunResult = scored(2)): void {
    journal.add({ event: 'confirmation-run-ended', confirmation: 1, contender, run, result });
  }

  const kindsOf = (journal: Journal, slots: number) =>
    nextConfirmationSteps(journal.whole(), 1, slots).map(({ kind }) => kind);

  it('fills them in turn, and waits for what is in flight', () => {
    const journal = planned(3);
    const made = fill(journal, 4);
    expect(made.map(({ contender, run, slot }) => `${contender} ${run} in ${slot}`)).toEqual([
      'baseline 1 in 0',
      'final 1 in 1',
      'final 2 in 2',
      'baseline 2 in 3',
    ]);
    expect(kindsOf(journal, 4)).toEqual(['await-run', 'await-run', 'await-run', 'await-run']);
    expect(nextConfirmationSteps(journal.whole(), 1, 4)).toContainEqual({ ...made[2], kind: 'await-run' });
  });

  it('has the seeds of one slot, whatever ends first', () => {
    const alone = perform(planned(3), () => scored(2)).made;
    const journal = planned(3);
    const made: Started[] = [];
    const open: Started[] = [];
    for (let more = fill(journal, 3); more.length > 0 || open.length > 0; more = fill(journal, 3)) {
      made.push(...more);
      open.push(...more);
      const last = open.pop();
      if (last) end(journal, last);
    }
    const seedsOf = (runs: readonly { contender: string; run: number; seed: number }[]) =>
      runs.map(({ contender, run, seed }) => `${contender} ${run}: ${seed}`).sort();
    expect(seedsOf(made)).toEqual(seedsOf(alone));
    expect(kindsOf(journal, 3)).toEqual(['conclude']);
  });

  it('gives each slot to both sides in turn, though all runs take as long', () => {
    const journal = planned(8);
    const open = fill(journal, 4);
    const bySlot = new Map<number, string[]>();
    for (let next = open.shift(); next; next = open.shift()) {
      const { contender, slot = -1 } = next;
      bySlot.set(slot, [...(bySlot.get(slot) ?? []), contender]);
      end(journal, next);
      open.push(...fill(journal, 4));
    }
    for (const contenders of bySlot.values()) {
      expect(contenders.filter((contender) => contender === 'baseline')).toHaveLength(2);
      expect(contenders).toHaveLength(4);
    }
  });

  it('makes a lost run again with its seed, before anything new', () => {
    const journal = planned(3);
    const [first] = fill(journal, 2);
    if (first) end(journal, first, failed('lost'));
    expect(start(journal, 2)).toMatchObject({ contender: 'baseline', run: 2, seed: first?.seed, slot: 0 });
  });

  it('takes scores in the order of the planned runs, not of their ends', () => {
    const journal = planned(2);
    const made = fill(journal, 4);
    made.toReversed().forEach((run, index) => void end(journal, run, scored(index)));
    const [baseline, final] = journal.whole().heldOut.confirmations[0]?.contenders ?? [];
    expect([baseline && scoresOf(baseline), final && scoresOf(final)]).toEqual([
      [3, 0],
      [2, 1],
    ]);
  });

  it('at a longer budget runs both of a pair on one seed at once', () => {
    const journal = planned(2, ['baseline', 'final'], 30);
    const made = fill(journal, 4);
    expect(made.map(({ contender }) => contender)).toEqual(['baseline', 'final', 'final', 'baseline']);
    expect(made[1]?.seed).toBe(made[0]?.seed);
    expect(made[3]?.seed).toBe(made[2]?.seed);
    expect(made[2]?.seed).not.toBe(made[0]?.seed);
  });

  it('makes a run alone that nobody knows to be innocent', () => {
    const journal = planned(3);
    const [first, second] = fill(journal, 2);
    if (!first || !second) throw new Error('two have begun');
    const doubtful = { ...failed('lost'), isDoubtful: true as const };
    end(journal, first, doubtful);
    expect(kindsOf(journal, 2)).toEqual(['await-run']);
    end(journal, second, doubtful);
    expect(start(journal, 2)).toMatchObject({ contender: 'baseline', seed: first.seed });
    expect(kindsOf(journal, 2)).toEqual(['await-run']);
  });

  it('awaits the runs of more slots than there are now, and begins none before there is room', () => {
    const journal = planned(3);
    fill(journal, 4);
    expect(kindsOf(journal, 1)).toEqual(['await-run', 'await-run', 'await-run', 'await-run']);
  });

  it('waits for a GPU that is away, beside the runs in flight', () => {
    const journal = planned(3);
    fill(journal, 2);
    journal.add({ event: 'gpu-away', experiment: 1, kind: 'lost', reason: 'it fell off the bus' });
    expect(kindsOf(journal, 4)).toEqual(['await-run', 'await-run', 'await-gpu']);
  });

  it('has entries that fit on each other, each slot with one run at a time', () => {
    const journal = planned(3);
    fill(journal, 2);
    const next = { seq: journal.entries.length + 1, at: '2024-11-24T00:00:00.000Z' };
    const begun = { event: 'confirmation-run-started', confirmation: 1, contender: 'final', run: 2, seed: 1 } as const;
    const fitting = [0, 1, 2].filter((slot) => fits(journal.whole(), { ...begun, slot, ...next }));
    expect(fitting).toEqual([2]);
    expect(fits(journal.whole(), { ...begun, ...next })).toBe(false);
  });
});
