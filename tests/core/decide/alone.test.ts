import { expect, it } from 'vitest';
import { nextSteps } from '../../../src/core/decide/next-step.ts';
import type { RunResult } from '../../../src/core/journal/run.ts';
import { createJournal, failed, fakeHash, type Journal, scored } from '../../helpers/journal.ts';

const room = { slots: 2, ahead: 0, asks: 1, asked: [] };
const doubtful: RunResult = { ...failed('lost', 'data/a.txt changed'), isDoubtful: true };

/** Proposes experiments that have a candidate and, with a result, a run that ended so. */
function propose(journal: Journal, experiments: Readonly<Record<number, RunResult | undefined>>): Journal {
  for (const [key, result] of Object.entries(experiments)) {
    const experiment = Number(key);
    const edits = [{ kind: 'set-knob' as const, file: 'train.py', knob: 'LR', to: experiment }];
    const proposal = { title: 'LR', hypothesis: '', kind: 'knobs' as const, edits };
    journal.add({ event: 'proposal-made', experiment, attempt: 0, parent: 0, researcher: 'random', proposal });
    const [commit, tree] = [fakeHash('commit', experiment), fakeHash('tree', experiment)];
    journal.add({ event: 'candidate-committed', experiment, commit, tree, content: `content ${experiment}` });
    if (!result) continue;
    journal.add({ event: 'run-started', experiment, run: 1, seed: 1, slot: experiment % 2 });
    journal.add({ event: 'run-ended', experiment, run: 1, result });
  }
  return journal;
}

const study = () => {
  const journal = createJournal().baseline(scored(2), scored(2.1), scored(2.2));
  return journal.add({ event: 'branch-moved', experiment: 0, commit: fakeHash('commit', 0) });
};
const stepsOf = (journal: Journal) => {
  const steps = nextSteps(journal.history(), { at: '2024-11-23T23:00:00.000Z' }, room);
  return steps.flatMap((step) =>
    step.kind === 'start-run' || step.kind === 'await-run' ? [`${step.kind} ${step.experiment}`] : [],
  );
};

it('runs that were left in doubt are repeated one after the other, each with nothing beside it', () => {
  const journal = propose(study(), { 1: doubtful, 2: doubtful });
  expect(stepsOf(journal)).toEqual(['start-run 1']);
  journal.add({ event: 'run-started', experiment: 1, run: 2, seed: 1, slot: 0 });
  expect(stepsOf(journal)).toEqual(['await-run 1']);
  journal.add({ event: 'run-ended', experiment: 1, run: 2, result: scored(3) });
  expect(stepsOf(journal)).toEqual(['start-run 2']);
});

it('one that was left in doubt waits for those in flight, and nothing begins before it', () => {
  const journal = propose(study(), { 1: doubtful, 2: undefined, 3: undefined });
  journal.add({ event: 'run-started', experiment: 2, run: 1, seed: 1, slot: 1 });
  expect(stepsOf(journal)).toEqual(['await-run 2']);
  journal.add({ event: 'run-ended', experiment: 2, run: 1, result: scored(3) });
  expect(stepsOf(journal)).toEqual(['start-run 1']);
});

it('runs that are in no doubt go side by side', () => {
  expect(stepsOf(propose(study(), { 1: undefined, 2: undefined }))).toEqual(['start-run 1', 'start-run 2']);
});
