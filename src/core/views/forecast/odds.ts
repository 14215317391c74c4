/**
 * How likely the next experiment is kept, and each one after it, by who proposes it.
 *
 * A model's ideas and those of people are all of one record. Where only searches propose, the recipe comes first and keeps most of
 * what it tries, and what a search keeps after it is another matter: each has a record of its own, and the recipe's turn ends as
 * `auto` ends it.
 */
import { doubtfulFailures, recipeFailures } from '../../auto/schedule.ts';
import { type ChanceFit, chanceOfKeep, type KeepRecord, noExperiments, recordKeep } from './chance.ts';
import type { StudyRecord, Turn } from './study-record.ts';

/** Of the recipe's experiments and of the other searches'. */
export interface SearchFit {
  readonly recipe: ChanceFit;
  readonly search: ChanceFit;
}

export interface Odds {
  /** Probability that the next experiment is kept. */
  readonly chance: number;
  /** The odds after it. */
  readonly after: (isKept: boolean) => Odds;
}

interface Fits {
  readonly chance: ChanceFit;
  readonly searches: SearchFit;
}

/** The odds of a study that goes on. */
export function oddsOf({ kept, turns }: Pick<StudyRecord, 'kept' | 'turns'>, fit: Fits): Odds {
  if (turns === undefined) return oddsAfter(keepRecordOf(kept, fit.chance), fit.chance);
  const course = kept.reduce(
    (so, isKept, index) => courseAfter(so, turns[index] ?? 'other', isKept, fit.searches),
    newCourse,
  );
  return searchOdds(course, fit.searches);
}

/** What the chance goes by, after these experiments. */
function keepRecordOf(kept: readonly boolean[], fit: ChanceFit): KeepRecord {
  return kept.reduce((record, isKept) => recordKeep(record, isKept, fit), noExperiments);
}

function oddsAfter(record: KeepRecord, fit: ChanceFit): Odds {
  return { chance: chanceOfKeep(record, fit), after: (isKept) => oddsAfter(recordKeep(record, isKept, fit), fit) };
}

/** Where the searches of a study stand. */
interface Course {
  readonly experiments: number;
  readonly recipe: KeepRecord;
  readonly search: KeepRecord;
  readonly last: Turn;
  /** Of the recipe in a row, now and at most. */
  readonly misses: number;
  readonly mostMisses: number;
}

const newCourse: Course = {
  ...{ experiments: 0, recipe: noExperiments, search: noExperiments },
  ...{ last: 'other', misses: 0, mostMisses: 0 },
};

function courseAfter(so: Course, turn: Turn, isKept: boolean, fit: SearchFit): Course {
  const course = { ...so, experiments: so.experiments + 1, last: turn };
  if (turn === 'other') return course;
  const own = { ...course, [turn]: recordKeep(so[turn], isKept, fit[turn]) };
  if (turn === 'search') return own;
  const misses = isKept ? 0 : so.misses + 1;
  return { ...own, misses, mostMisses: Math.max(so.mostMisses, misses) };
}

function searchOdds(course: Course, fit: SearchFit): Odds {
  const turn = nextTurn(course);
  return {
    chance: chanceOfKeep(course[turn], fit[turn], course.experiments + 1),
    after: (isKept) => searchOdds(courseAfter(course, turn, isKept, fit), fit),
  };
}

/** As `auto` opens a study; one without a recipe has only searches. */
function nextTurn({ recipe, last, misses, mostMisses }: Course): 'recipe' | 'search' {
  if (recipe.experiments === 0 || mostMisses >= recipeFailures) return 'search';
  return misses >= doubtfulFailures && last === 'recipe' ? 'search' : 'recipe';
}
