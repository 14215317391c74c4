import { expect, test } from 'vitest';
import { trackedExperiments } from '../../../src/core/views/tracked-study.ts';
import { livedInJournal } from '../../helpers/lived-in-study.ts';
import { createJournal } from '../../helpers/study-history.ts';

test('each experiment with its last word has its knobs, its measured mean, its runs and what became of it', () => {
  const history = livedInJournal().history();
  const tracked = trackedExperiments(history);
  expect(tracked.map(({ experiment }) => experiment)).toEqual(history.experiments.map(({ experiment }) => experiment));
  const [baseline, , halved, crashed] = tracked;
  expect(baseline).toMatchObject({ title: 'baseline', status: 'baseline', metrics: { val_bpb: 3 } });
  expect(baseline?.runs.map(({ seed, metrics }) => [seed, metrics])).toEqual([
    [1, { val_bpb: 2.99, peak_memory_mb: 112 }],
    [2, { val_bpb: 3, peak_memory_mb: 112 }],
    [3, { val_bpb: 3.01, peak_memory_mb: 112 }],
  ]);
  expect(halved).toMatchObject({ params: { BATCH: 16 }, tags: { status: 'reverted', parent: '1', kind: 'knobs' } });
  expect(crashed).toMatchObject({ status: 'failed', runs: [{ outcome: 'crashed', metrics: {} }] });
  expect(crashed?.metrics).not.toHaveProperty('val_bpb');
  expect(new Set(tracked.map(({ key }) => key)).size).toBe(tracked.length);
});

test('an experiment without its last word is not in it, and more runs elsewhere do not change one that is', () => {
  const { begin, attempt, add, history } = createJournal();
  begin();
  attempt({ title: 'One', value: 2.9, isKept: true });
  const [, before] = trackedExperiments(history());
  attempt({ title: 'Two', value: 2.7 });
  add({
    event: 'proposal-made',
    experiment: 3,
    attempt: 0,
    parent: 1,
    researcher: 'llm',
    proposal: {
      title: 'Open',
      hypothesis: '',
      kind: 'code',
      edits: [{ kind: 'write', file: 'train.py', content: '#' }],
    },
  });
  const tracked = trackedExperiments(history());
  expect(tracked.map(({ experiment }) => experiment)).toEqual([0, 1, 2]);
  expect(tracked[1]).toEqual(before);
});
