import { describe, expect, test } from 'vitest';
import { type Odds, oddsOf } from '../../../../src/core/views/forecast/odds.ts';
import { shippedFit } from '../../../../src/core/views/forecast/shipped-fit.ts';
import { studyRecordOf, type Turn } from '../../../../src/core/views/forecast/study-record.ts';
import { createJournal, scored } from '../../../helpers/journal.ts';

/** `R` and `S` are kept, `r` and `s` not; `o` is a person's that was not kept. */
function told(text: string) {
  const names: Readonly<Record<string, Turn>> = { r: 'recipe', s: 'search', o: 'other' };
  return {
    kept: [...text].map((letter) => letter !== letter.toLowerCase()),
    turns: [...text].map((letter) => names[letter.toLowerCase()] ?? 'other'),
  };
}

const chanceAfter = (text: string) => oddsOf(told(text), shippedFit).chance;

/** The chances of the next experiments, none of which is kept. */
function chancesOfMisses(text: string, count: number): number[] {
  let odds: Odds = oddsOf(told(text), shippedFit);
  return Array.from({ length: count }, () => {
    const { chance } = odds;
    odds = odds.after(false);
    return chance;
  });
}

describe('the chance that an experiment of searches is kept', () => {
  const opened = 'RRrRRrRRrRrrsr';

  test('is that of what searches keep once the recipe is through, however much that kept', () => {
    const { kept } = told(opened);
    expect(chanceAfter('RRrRRrRR')).toBeGreaterThan(0.5);
    expect(chanceAfter(`${opened}r`)).toBeLessThan(0.3);
    expect(oddsOf({ kept }, shippedFit).chance).toBeGreaterThan(chanceAfter(`${opened}r`));
  });

  test('falls with each miss of a search and rises with its keep', () => {
    const chances = [5, 10, 20, 40].map((count) => chanceAfter(`${opened}r${'s'.repeat(count)}`));
    expect(chances).toEqual(chances.toSorted((a, b) => b - a));
    expect(chanceAfter(`${opened}rsssS`)).toBeGreaterThan(chanceAfter(`${opened}rssss`));
  });

  test("is the recipe's until two of its changes in a row brought nothing, and then a search's every other time", () => {
    const [first = 0, second = 0, third = 0, fourth = 0] = chancesOfMisses('RRRRRR', 4);
    expect(Math.min(first, second)).toBeGreaterThan(third);
    expect(fourth).not.toBeCloseTo(third, 3);
  });

  test('goes by no experiment of a person', () => {
    expect(chanceAfter('RRrRRo')).toBeCloseTo(oddsOf(told('RRrRR'), shippedFit).chance, 1);
  });
});

describe('who proposed', () => {
  const record = (...researchers: readonly string[]) => {
    const journal = createJournal().baseline(scored(2), scored(2));
    for (const _ of researchers) journal.experiment(scored(2.1), 'revert');
    const history = journal.history();
    const experiments = history.experiments.map((each) =>
      each.experiment === 0 ? each : { ...each, researcher: researchers[each.experiment - 1] ?? '' },
    );
    return studyRecordOf({ ...history, experiments });
  };

  test('is told where searches propose, with what a person handed in', () => {
    expect(record('recipe', 'bayes', 'random', 'owner')?.turns).toEqual(['recipe', 'search', 'search', 'other']);
  });

  test('is not asked where a model or an agent proposes too, or people propose most', () => {
    expect(record('recipe', 'llm')).not.toHaveProperty('turns');
    expect(record('recipe', 'command')).not.toHaveProperty('turns');
    expect(record('owner', 'owner', 'random')).not.toHaveProperty('turns');
    expect(record()).not.toHaveProperty('turns');
  });
});
