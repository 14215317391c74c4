import { describe, expect, it } from 'vitest';
import { aheadOf } from '../../../src/core/decide/ahead.ts';

const pace = { slots: 1, asksModel: true, thought: [6], runs: [10] };

describe('proposals ahead of a free slot', () => {
  it('are as many as the brief says', () => {
    expect(aheadOf(3, pace)).toBe(3);
    expect(aheadOf(0, pace)).toBe(0);
  });

  it.each([
    ['one slot, and a model that takes six tenths of a run', pace, 1],
    ['one slot, before anything is known', { ...pace, thought: [] }, 0],
    ['one slot, and a model that answers in a second', { ...pace, thought: [1], runs: [2] }, 0],
    ['one slot, and runs of an hour', { ...pace, thought: [20], runs: [3600] }, 0],
    ['one slot of a search', { ...pace, asksModel: false }, 0],
    ['four slots of a search', { ...pace, slots: 4, asksModel: false }, 1],
    ['four slots, before anything is known', { ...pace, slots: 4, runs: [] }, 4],
    ['four slots, and a model that takes six tenths of a run', { ...pace, slots: 4 }, 3],
    ['four slots, and a model that takes ten runs', { ...pace, slots: 4, thought: [100] }, 8],
  ])('for %s follow the pace', (_, given, expected) => {
    expect(aheadOf('auto', given)).toBe(expected);
  });
});
