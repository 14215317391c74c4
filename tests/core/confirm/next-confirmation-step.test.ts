import { describe, expect, it } from 'vitest';
import { confirmationFor, nextConfirmationStep } from '../../../src/core/confirm/next-confirmation-step.ts';
import type { RunResult } from '../../../src/core/journal/run.ts';
import { createJournal, failed, fakeHash, type Journal, scored } from '../../helpers/journal.ts';

function planned(runs = 2, contenders = ['baseline', 'final']): Journal {
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
      contenders: contenders.map((contender) => ({ contender, commit: fakeHash('commit', 0) })),
      inseparable: [],
    });
}

/** Does what the steps say, each run with this result, until one is no run; says what was run. */
function perform(journal: Journal, resultOf: (contender: string, attempt: number) => RunResult, confirmation = 1) {
  const made: { contender: string; run: number; seed: number }[] = [];
  for (;;) {
    const step = nextConfirmationStep(journal.whole(), confirmation);
    if (step.kind !== 'start-run') return { made, ending: step.kind };
    const { contender, run, seed } = step;
    made.push({ contender, run, seed });
    journal.add({ event: 'confirmation-run-started', confirmation, contender, run, seed });
    expect(nextConfirmationStep(journal.whole(), confirmation)).toEqual({ ...step, kind: 'await-run' });
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
    expect(nextConfirmationStep(journal.whole(), 1)).toEqual({ kind: 'plan-confirmation' });
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
    const step = nextConfirmationStep(journal.whole(), 1);
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
    expect(nextConfirmationStep(journal.whole(), 1)).toEqual({ kind: 'done' });
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
