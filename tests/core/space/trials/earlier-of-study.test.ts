import { describe, expect, it } from 'vitest';
import { type Earlier, earlierSchema, triedBeforeStudy } from '../../../../src/core/journal/earlier.ts';
import type { History } from '../../../../src/core/journal/history.ts';
import { earlierOfStudy } from '../../../../src/core/space/trials/earlier-of-study.ts';
import { type Trials, trialsOf } from '../../../../src/core/space/trials/trials.ts';
import { createJournal, failed, scored } from '../../../helpers/journal.ts';

const key = 'train.py:LR';

/** The trials of a made-up study, whose experiments set LR to their number; it was 0.5, and a knob that nobody turned is there. */
const trialsIn = (history: History): Trials =>
  trialsOf(history, new Map([[0, { [key]: 0.5, 'train.py:API_KEY': 'hunter2-hunter2' }]]));

/** A night with a keep (0.8), a miss and a failure. */
function firstNight(start: Parameters<typeof createJournal>[0] = {}) {
  return createJournal(start)
    .baseline(scored(1), scored(1.02))
    .experiment(scored(0.8), 'keep', 'LR to 1')
    .experiment(scored(0.9), 'revert', 'LR to 2')
    .experiment(failed('out-of-memory', 'no room'), 'revert', 'LR to 3');
}

function knownFrom(history: History, isComparable = true): Earlier {
  const earlier = earlierOfStudy(history, trialsIn(history), isComparable);
  if (!earlier) throw new Error('the study has a score');
  return earlierSchema.parse(JSON.parse(JSON.stringify(earlier)));
}

describe('what a study takes up of one that ended where it starts', () => {
  it('is what was tried and what came of it, with why it failed', () => {
    expect(knownFrom(firstNight().history())).toMatchObject({
      source: 'study nov23',
      metric: 'val_bpb',
      experiments: [
        { title: 'baseline', status: 'keep', isBaseline: true, value: 1.01 },
        { title: 'LR to 1', status: 'keep', value: 0.8 },
        { title: 'LR to 2', status: 'discard', value: 0.9 },
        { title: 'LR to 3', status: 'crash', value: null, reason: expect.stringMatching(/no room/) },
      ],
    });
  });

  it('is its trials, which have the score here that its best has here', () => {
    const earlier = knownFrom(firstNight().history());
    const second = createJournal({ tag: 'nov24', earlier }).baseline(scored(0.82), scored(0.84)).history();
    const { finished } = trialsOf(second, new Map([[0, { [key]: 1 }]]));
    const rounded = finished.map(({ experiment, values, scores }) => [
      experiment,
      values[key],
      scores.map((score) => Number(score.toFixed(6))),
    ]);
    expect(rounded).toEqual([
      [-1, 0.5, [1.03, 1.05]],
      [-1, 1, [0.83]],
      [-1, 2, [0.93]],
      [-1, 3, []],
      [0, 1, [0.82, 0.84]],
    ]);
  });

  it('is nothing for searches where the metric goes the other way', () => {
    const earlier = { ...knownFrom(firstNight().history()), goal: 'maximize' as const };
    const second = createJournal({ earlier }).baseline(scored(0.82)).history();
    expect(trialsOf(second, new Map([[0, { [key]: 1 }]])).finished).toHaveLength(1);
  });

  it('holds no value of a knob that nobody turned', () => {
    expect(JSON.stringify(knownFrom(firstNight().history()))).not.toContain('hunter2');
  });

  it('is that the same candidates are not run again, but for the one that it starts from, and where scores mean the same', () => {
    const history = firstNight().history();
    const earlier = knownFrom(history);
    expect(triedBeforeStudy(earlier, 'content 3')).toBe('experiment 3 of study nov23');
    expect(triedBeforeStudy(earlier, 'content 0')).toBe('the baseline of study nov23');
    expect(triedBeforeStudy(earlier, 'content 1')).toBeUndefined();
    expect(triedBeforeStudy(knownFrom(history, false), 'content 3')).toBeUndefined();
  });

  it('grows along a chain of nights', () => {
    const second = createJournal({ tag: 'nov24', earlier: knownFrom(firstNight().history()) })
      .baseline(scored(0.8))
      .experiment(scored(0.7), 'keep', 'LR to 1 again');
    const third = knownFrom(second.history());
    expect(third.experiments).toHaveLength(6);
    expect(third.study?.trials).toHaveLength(6);
    expect(triedBeforeStudy(third, 'content 3')).toBe('experiment 3 of study nov23');
  });

  it('is nothing of a study without a score', () => {
    const history = createJournal().baseline(failed()).history();
    expect(earlierOfStudy(history, { finished: [], running: [] }, true)).toBeUndefined();
  });
});
