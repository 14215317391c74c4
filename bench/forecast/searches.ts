/**
 * Studies of our own searches on the objectives of `bench -- search`, as the forecast takes them: half of the objectives to fit it,
 * the others to judge it.
 */
import { SettingsError } from '../../src/core/base/errors.ts';
import type { SearchFit } from '../../src/core/views/forecast/odds.ts';
import type { Turn } from '../../src/core/views/forecast/study-record.ts';
import { readJsonLines } from '../json-lines.ts';
import type { SearchLine } from '../search/search-report.ts';
import type { JudgedStudy } from './calibrate.ts';
import { fitChance } from './fit-forecast.ts';

/** A study in which only searches propose; its objective stands for the repository. */
export type SearchedStudy = JudgedStudy & { readonly turns: readonly Turn[] };

/** The studies of this file of `bench -- search`; every other objective, by name, is of the choosing half. */
export function readSearches(file: string): readonly SearchedStudy[] {
  const told = readJsonLines<SearchLine>(file).filter(({ study }) => study !== undefined);
  if (told.length === 0) throw new SettingsError(`no line of ${file} says what was kept; run bench search anew`);
  const objectives = [...new Set(told.map(({ objective }) => objective))].sort();
  return told.flatMap(({ objective, arm, seed, study }) => {
    if (study === undefined) return [];
    const { metric, baseline, kept, keptScores, turns } = study;
    const scores = [...keptScores];
    return {
      ...{ repository: objective, file: `${arm} ${seed}`, metric, kind: 'other', goal: 'minimize', baseline },
      half: objectives.indexOf(objective) % 2 === 0 ? 'choosing' : 'judged',
      experiments: kept.map((isKept) => ({
        value: isKept ? (scores.shift() ?? null) : null,
        outcome: isKept ? 'kept' : 'discarded',
        description: '',
      })),
      turns: turns ?? [],
    } satisfies SearchedStudy;
  });
}

/** The chances of what the recipe and the other searches propose. */
export function fitSearches(studies: readonly SearchedStudy[]): SearchFit {
  const fitOf = (turn: Turn) => fitChance(studies, ({ turns }, index) => turns[index] === turn);
  return { recipe: fitOf('recipe'), search: fitOf('search') };
}
