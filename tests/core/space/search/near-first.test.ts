import { describe, expect, it } from 'vitest';
import { createRandom } from '../../../../src/core/base/random.ts';
import type { Space } from '../../../../src/core/space/knob.ts';
import { buildSpace } from '../../../../src/core/space/range/build-space.ts';
import { rangeContains } from '../../../../src/core/space/range/range-contains.ts';
import { drawSettings } from '../../../../src/core/space/search/draw-settings.ts';
import { nearFirst } from '../../../../src/core/space/search/near-first.ts';
import { searchQuestion } from '../../../../src/core/space/search/search-question.ts';
import table from '../../../../src/data/evidence/kept-range.json' with { type: 'json' };
import { turnKnobs } from '../../../../src/testing/index.ts';
import { createJournal, fakeHash, scored } from '../../../helpers/journal.ts';
import { knob } from '../../../helpers/knob.ts';

const spaceOf = (line: string, declared = {}): Space => buildSpace([knob(line)], declared, 'program.md');

/** What many draws multiply the only knob by, in order of size. */
function factors(space: Space): readonly number[] {
  const found = Array.from({ length: 2000 }, (_, index) => {
    const [setting] = drawSettings(space, createRandom(`draw ${index}`));
    if (setting === undefined) throw new Error('a draw turns the only knob');
    expect(rangeContains(setting.dimension.range, setting.to)).toBe(true);
    return Number(setting.to) / Number(setting.dimension.knob.value);
  });
  return found.toSorted((a, b) => a - b);
}

const shareBetween = (all: readonly number[], low: number, high: number) =>
  all.filter((each) => each >= low && each <= high).length / all.length;

describe('the first draws of a knob with a derived range', () => {
  it.each([
    ['MATRIX_LR = 0.04', 'matrix/muon lr'],
    ['EMBEDDING_LR = 0.6', 'embedding lr'],
    ['WEIGHT_DECAY = 0.2', 'weight decay'],
  ])('%s: most lie where public studies kept one, and some anywhere in the range', (line, kind) => {
    const row = table.rows.find((each) => each.knob === kind);
    const all = factors(spaceOf(line));
    // Four of five draws are near, of which four of five lie between the two percentiles.
    expect(shareBetween(all, Math.min(row?.p10 ?? 0, 0.8), Math.max(row?.p90 ?? 0, 1.25))).toBeGreaterThan(0.6);
    expect(all.at(-1)).toBeGreaterThan(1.2 * (row?.max ?? 0));
    expect(all[0]).toBeLessThan(0.5 * (row?.min ?? 0));
  });

  it('go the way that public studies went more often', () => {
    const all = factors(spaceOf('WEIGHT_DECAY = 0.2'));
    expect(shareBetween(all, 0, 1)).toBeGreaterThan(0.6);
  });

  it('of a power of two are the next ones at first', () => {
    const all = factors(spaceOf('TOTAL_BATCH_SIZE = 2**19'));
    expect(shareBetween(all, 0.25, 2)).toBeGreaterThan(0.7);
    expect(new Set(all).size).toBe(6);
  });
});

it.each([
  ['that the brief declares a range for', spaceOf('MATRIX_LR = 0.04', { MATRIX_LR: 'log 0.001..1' })],
  ['of a kind that public studies say nothing of', spaceOf('BANANAS = 0.04')],
  ['that is off', spaceOf('WEIGHT_DECAY = 0.0')],
])('a knob %s has no spread', (_, [dimension]) => {
  expect(dimension).toBeDefined();
  expect(dimension?.spread).toBeUndefined();
});

describe('draws are wide', () => {
  const space = spaceOf('LR = 0.1');
  const study = () => createJournal({ draws: 'near-first' }).baseline(scored(2));
  const tried = (journal: ReturnType<typeof study>, experiment: number, isKept = false, knobs = { LR: 0.2 }) => {
    journal.add({
      event: 'proposal-made',
      experiment,
      attempt: 0,
      parent: 0,
      researcher: 'random',
      proposal: turnKnobs(knobs),
    });
    journal.add({ event: 'run-started', experiment, run: 1, seed: 1 });
    journal.add({ event: 'run-ended', experiment, run: 1, result: scored(2) });
    const kept = isKept ? { kept: fakeHash('keep', experiment) } : {};
    journal.add({
      event: 'verdict-given',
      experiment,
      verdict: { decision: isKept ? 'keep' : 'revert', reason: '' },
      ...kept,
    });
    return journal;
  };
  const isNear = (journal: ReturnType<typeof study>) => nearFirst(space, journal.history())[0]?.spread !== undefined;

  it('once a change of the knob was kept', () => {
    expect(isNear(study())).toBe(true);
    expect(isNear(tried(study(), 1, true))).toBe(false);
  });

  it('once several were not, those of other knobs apart', () => {
    const journal = study();
    for (const experiment of [1, 2, 3]) tried(journal, experiment);
    expect(isNear(tried(journal, 4, true, { LR: 0.1, ...{ WIDTH: 3 } }))).toBe(false);
    const others = study();
    for (const experiment of [1, 2, 3]) tried(others, experiment);
    expect(isNear(others)).toBe(true);
    expect(isNear(tried(others, 4))).toBe(false);
  });

  it('from the start in a study that began before, whose draws are the same for ever', () => {
    expect(isNear(createJournal().baseline(scored(2)))).toBe(false);
  });
});

it('an optimiser is told how far its first steps go, on the scale of each form', () => {
  const spread = (line: string) =>
    searchQuestion(spaceOf(line), { finished: [], running: [] }, 'tpe', '')?.space[0]?.spread;
  const row = (name: string) => table.rows.find((each) => each.knob === name);
  const down = Math.log(1 / (row('batch')?.p10 ?? 1)) / 1.2816;
  expect(spread('TOTAL_BATCH_SIZE = 2**19')?.[0]).toBeCloseTo(down / Math.LN2);
  expect(spread('MATRIX_LR = 0.04')?.[1]).toBeCloseTo(Math.log(row('matrix/muon lr')?.p90 ?? 1) / 1.2816);
  const [low = 0, high = 0] = spread('WARMDOWN_RATIO = 0.5') ?? [];
  expect(low).toBeLessThan(0.5);
  expect(high).toBeGreaterThan(low);
  expect(spread('BANANAS = 0.04')).toBeUndefined();
});
