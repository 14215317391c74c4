/**
 * The forecast's parameters as they ship: fitted by `npm run bench -- forecast` to public studies and, for what searches propose, to
 * studies of our own.
 */
import table from '../../../data/evidence/forecast-fit.json' with { type: 'json' };
import ownTable from '../../../data/searches/forecast-fit.json' with { type: 'json' };
import { ok } from '../../base/errors.ts';
import type { ChanceFit } from './chance.ts';
import type { ForecastFit } from './forecast.ts';

const [chance, gain] = table.rows;
const [recipe, search] = ownTable.rows;
const ownCheck = ownTable.checks.find(({ what }) => what === 'twenty more');
ok(
  chance?.first_chance !== undefined && gain?.first_log !== undefined && gain.most_later !== undefined,
  'the table has both rows',
);
ok(recipe?.turn === 'recipe' && search?.turn === 'search', 'the table has a row for each turn');

/** Repositories and studies that it was fitted to. */
export const fittedTo = { repositories: chance.repos, studies: chance.studies, asOf: table.asOf };

/** Objectives and studies of our own that the chance of what searches propose was fitted to. */
export const searchesFittedTo = { objectives: search.objectives, studies: search.studies };

/** Objectives that it was not fitted to, and how often the range of the keeps of twenty more held there. */
export const searchesChecked = { objectives: ownCheck?.objectives ?? 0, held: ownCheck?.keeps_inside ?? 0 };

type ChanceRow = Readonly<Record<'first_chance' | 'fall' | 'study_weight' | 'lately_weight' | 'memory', number>>;

function chanceFitOf(row: ChanceRow): ChanceFit {
  return {
    firstChance: row.first_chance,
    fall: row.fall,
    studyWeight: row.study_weight,
    latelyWeight: row.lately_weight,
    memory: row.memory,
  };
}

export const shippedFit: ForecastFit = {
  chance: chanceFitOf(chance),
  searches: { recipe: chanceFitOf(recipe), search: chanceFitOf(search) },
  gain: {
    firstLog: gain.first_log,
    firstSd: gain.first_sd,
    laterLog: gain.later_log,
    laterFall: gain.later_fall,
    studySd: gain.study_sd,
    keepSd: gain.keep_sd,
    mostLater: gain.most_later,
  },
};
