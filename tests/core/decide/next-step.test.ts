import { describe, expect, it } from 'vitest';
import { nextStep, nextSteps } from '../../../src/core/decide/next-step.ts';
import type { EntryBody } from '../../../src/core/journal/entry.ts';
import type { RunResult } from '../../../src/core/journal/run.ts';
import { seedOf } from '../../../src/core/run/seed.ts';
import { turnKnobs } from '../../../src/testing/index.ts';
import { createJournal, failed, fakeHash, type Journal, scored, session } from '../../helpers/journal.ts';
import { beginSlots } from '../../helpers/slots-study.ts';

const now = { at: '2024-11-23T23:00:00.000Z' };
const stepAfter = (journal: Journal) => nextStep(journal.history(), now);

const candidate = (experiment: number): EntryBody => ({
  event: 'candidate-committed',
  experiment,
  commit: fakeHash('commit', experiment),
  tree: fakeHash('tree', experiment),
  content: `content ${experiment}`,
});
const started = (experiment: number, run: number, seed = run): EntryBody => {
  return { event: 'run-started', experiment, run, seed };
};
const ended = (experiment: number, run: number, result: RunResult): EntryBody => {
  return { event: 'run-ended', experiment, run, result };
};
const resumed: EntryBody = { event: 'study-resumed', session, changed: [], isolation: 'none' };
const proposed: EntryBody = {
  event: 'proposal-made',
  experiment: 1,
  attempt: 0,
  parent: 0,
  researcher: 'random',
  proposal: {
    title: 'LR -> 1',
    hypothesis: '',
    kind: 'knobs',
    edits: [{ kind: 'set-knob', file: 'train.py', knob: 'LR', to: 1 }],
  },
};

function add(journal: Journal, ...bodies: readonly EntryBody[]): Journal {
  for (const body of bodies) journal.add(body);
  return journal;
}

const measured = () => createJournal().baseline(scored(2), scored(2.1), scored(2.2));

describe('the baseline', () => {
  it('is committed first', () => {
    expect(stepAfter(createJournal())).toEqual({ kind: 'commit-candidate', experiment: 0 });
  });

  it('runs with the seeds 1, 2 and 3, then is judged', () => {
    const journal = add(createJournal(), candidate(0));
    for (const run of [1, 2, 3]) {
      expect(stepAfter(journal)).toEqual({ kind: 'start-run', experiment: 0, run, seed: run });
      add(journal, started(0, run), ended(0, run, scored(2)));
    }
    expect(stepAfter(journal)).toEqual({ kind: 'give-verdict', experiment: 0 });
  });

  it('that fails gives up, with the reason and the evidence', () => {
    const journal = add(createJournal(), candidate(0), started(0, 1), ended(0, 1, failed()));
    expect(stepAfter(journal)).toEqual({ kind: 'give-up', reason: 'exit code 1', evidence: 'Traceback' });
  });

  it('that fails on its third seed gives up all the same', () => {
    const journal = add(createJournal(), candidate(0));
    for (const run of [1, 2]) add(journal, started(0, run), ended(0, run, scored(2)));
    add(journal, started(0, 3), ended(0, 3, failed('timed-out', 'too slow')));
    expect(stepAfter(journal)).toMatchObject({ kind: 'give-up', reason: 'too slow' });
  });

  it('that failed runs again when the study is resumed, with the same seed', () => {
    const journal = add(createJournal(), candidate(0), started(0, 1), ended(0, 1, failed()), resumed);
    expect(stepAfter(journal)).toEqual({ kind: 'start-run', experiment: 0, run: 2, seed: 1 });
  });

  it('whose run was lost or cancelled repeats it with the same seed', () => {
    for (const outcome of ['lost', 'cancelled'] as const) {
      const journal = add(createJournal(), candidate(0), started(0, 1), ended(0, 1, scored(2)));
      add(journal, started(0, 2), ended(0, 2, failed(outcome)));
      expect(stepAfter(journal)).toEqual({ kind: 'start-run', experiment: 0, run: 3, seed: 2 });
    }
  });

  it('that is lost three times gives up instead of being judged without a score', () => {
    const journal = add(createJournal(), candidate(0));
    for (const run of [1, 2, 3]) add(journal, started(0, run, 1), ended(0, run, failed('lost', 'it vanished')));
    expect(stepAfter(journal)).toMatchObject({ kind: 'give-up', reason: 'it vanished' });
  });

  it('that was lost three times gets another chance when the study is resumed', () => {
    const journal = add(createJournal(), candidate(0));
    for (const run of [1, 2, 3]) add(journal, started(0, run, 1), ended(0, run, failed('lost')));
    expect(stepAfter(add(journal, resumed))).toEqual({ kind: 'start-run', experiment: 0, run: 4, seed: 1 });
  });
});

describe('an experiment', () => {
  it('is proposed once the one before is settled', () => {
    expect(stepAfter(measured())).toEqual({ kind: 'propose', experiment: 1, attempt: 0 });
    expect(stepAfter(measured().experiment(scored(3), 'revert'))).toMatchObject({ kind: 'propose', experiment: 2 });
  });

  it('is proposed again, under the same number, when a proposal was refused', () => {
    const refusal = { event: 'proposal-refused', experiment: 1, researcher: 'grid', title: 'x', reason: 'y' } as const;
    const journal = add(measured(), { ...refusal, attempt: 0 }, { ...refusal, attempt: 1 });
    expect(stepAfter(journal)).toEqual({ kind: 'propose', experiment: 1, attempt: 2 });
  });

  it('goes from proposal to candidate, run, verdict', () => {
    const journal = add(measured(), proposed);
    const seed = seedOf('nov23', 1, 1);
    expect(stepAfter(journal)).toEqual({ kind: 'commit-candidate', experiment: 1 });
    expect(stepAfter(add(journal, candidate(1)))).toEqual({ kind: 'start-run', experiment: 1, run: 1, seed });
    expect(stepAfter(add(journal, started(1, 1, seed)))).toEqual({ kind: 'await-run', experiment: 1, run: 1, seed });
    expect(stepAfter(add(journal, ended(1, 1, scored(1))))).toEqual({ kind: 'give-verdict', experiment: 1 });
  });

  it.each(['crashed', 'out-of-memory', 'timed-out', 'finished', 'stalled', 'killed-early'] as const)(
    'whose run is %s without a score is judged, not repeated',
    (outcome) => {
      const journal = add(measured(), proposed, candidate(1), started(1, 1), ended(1, 1, failed(outcome)));
      expect(stepAfter(journal)).toEqual({ kind: 'give-verdict', experiment: 1 });
    },
  );

  it('whose run is lost runs again with the same seed, twice, and is judged the third time', () => {
    const journal = add(measured(), proposed, candidate(1));
    const seed = seedOf('nov23', 1, 1);
    for (const run of [1, 2, 3]) {
      expect(stepAfter(journal)).toEqual({ kind: 'start-run', experiment: 1, run, seed });
      add(journal, started(1, run, seed), ended(1, run, failed('lost')));
    }
    expect(stepAfter(journal)).toEqual({ kind: 'give-verdict', experiment: 1 });
  });

  it('whose run was lost together with its controller runs again, and is judged only the tenth time', () => {
    const journal = add(measured(), proposed, candidate(1));
    for (let run = 1; run <= 10; run += 1) {
      expect(stepAfter(journal)).toMatchObject({ kind: 'start-run', run });
      add(journal, started(1, run), resumed, ended(1, run, failed('lost')));
    }
    expect(stepAfter(journal)).toEqual({ kind: 'give-verdict', experiment: 1 });
  });

  it('whose run was cancelled runs again, however often', () => {
    const journal = add(measured(), proposed, candidate(1));
    for (const run of [1, 2, 3, 4, 5]) add(journal, started(1, run), ended(1, run, failed('cancelled')));
    expect(stepAfter(journal)).toMatchObject({ kind: 'start-run', run: 6, seed: seedOf('nov23', 1, 1) });
  });

  it('whose run was in flight when the controller died is awaited, not started again', () => {
    const journal = add(measured(), proposed, candidate(1), started(1, 1, 77), resumed);
    expect(stepAfter(journal)).toEqual({ kind: 'await-run', experiment: 1, run: 1, seed: 77 });
  });

  it('with the verdict rerun runs once more with a fresh seed, and is judged again', () => {
    const journal = add(measured(), proposed, candidate(1), started(1, 1), ended(1, 1, scored(1)));
    const verdict = { decision: 'rerun', reason: 'promising' } as const;
    add(journal, { event: 'verdict-given', experiment: 1, verdict });
    const seed = seedOf('nov23', 1, 2);
    expect(stepAfter(journal)).toEqual({ kind: 'start-run', experiment: 1, run: 2, seed });
    add(journal, started(1, 2, seed), ended(1, 2, scored(1.1)));
    expect(stepAfter(journal)).toEqual({ kind: 'give-verdict', experiment: 1 });
  });

  it('that was kept moves the branch before anything else', () => {
    const journal = add(measured(), proposed, candidate(1), started(1, 1), ended(1, 1, scored(1)));
    const kept = fakeHash('keep', 1);
    add(journal, { event: 'verdict-given', experiment: 1, verdict: { decision: 'keep', reason: '' }, kept });
    expect(stepAfter(journal)).toEqual({ kind: 'move-branch', experiment: 1 });
    expect(stepAfter(add(journal, { event: 'branch-moved', experiment: 1, commit: kept }))).toMatchObject({
      kind: 'propose',
      experiment: 2,
    });
  });
});

describe('a stop rule', () => {
  const stopping = (stop: object) => createJournal({ session: { ...session, stop } }).baseline(scored(2));

  it('stops a study between experiments', () => {
    expect(stepAfter(stopping({ experiments: 1 }).experiment(scored(3), 'revert'))).toMatchObject({
      kind: 'stop',
      reason: 'experiments',
    });
  });

  it('never cuts an experiment short', () => {
    const journal = add(stopping({ hours: 1e-9, experiments: 1 }), proposed);
    expect(stepAfter(journal)).toMatchObject({ kind: 'commit-candidate' });
  });

  it('waits until the branch has moved', () => {
    const journal = add(stopping({ experiments: 1 }), proposed, candidate(1), started(1, 1), ended(1, 1, scored(1)));
    const verdict = { decision: 'keep', reason: '' } as const;
    add(journal, { event: 'verdict-given', experiment: 1, verdict, kept: fakeHash('keep', 1) });
    expect(stepAfter(journal)).toMatchObject({ kind: 'move-branch' });
  });

  it('that was raised lets a stopped study go on', () => {
    const journal = stopping({ experiments: 1 }).experiment(scored(3), 'revert');
    journal.add({ event: 'study-stopped', reason: 'experiments', detail: '' });
    const raised = { ...session, stop: { experiments: 2 } };
    journal.add({ event: 'study-resumed', session: raised, changed: ['stop'], isolation: 'none' });
    expect(stepAfter(journal)).toMatchObject({ kind: 'propose', experiment: 2 });
  });
});

it('a repetition of the incumbent that another keep overtakes is awaited still, and nothing gets its slot', () => {
  const study = beginSlots();
  study.journal.add({ event: 'drift-suspected', experiment: 0, run: 2, reason: 'it became quiet' });
  study.journal.add({ event: 'run-started', experiment: 0, run: 2, seed: 2, slot: 0 });
  study.propose(1, turnKnobs({ LR: 0.1 }));
  study.start(1, 1);
  study.end(1, 1.5);
  study.keep(1);
  study.propose(2, turnKnobs({ WIDTH: 16 }), { parent: 1 });
  const room = { slots: 2, ahead: 0, asks: 0, asked: [] };
  const steps = nextSteps(study.journal.history(), { at: '2024-11-23T23:00:00.000Z' }, room);
  expect(steps).toContainEqual({ kind: 'await-run', experiment: 0, run: 2, seed: 2, slot: 0 });
  expect(steps).toContainEqual(expect.objectContaining({ kind: 'start-run', experiment: 2, slot: 1 }));
});
