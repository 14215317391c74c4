/**
 * The forecast's parameters as they ship: fitted to public studies by `npm run bench -- forecast`.
 */
import table from '../../../data/evidence/forecast-fit.json' with { type: 'json' };
import { ok } from '../../base/errors.ts';
import type { ForecastFit } from './forecast.ts';

const [chance, gain] = table.rows;
ok(
  chance?.first_chance !== undefined && gain?.first_log !== undefined && gain.most_later !== undefined,
  'the table has both rows',
);

/** Repositories and studies that it was fitted to. */
export const fittedTo = { repositories: chance.repos, studies: chance.studies, asOf: table.asOf };

export const shippedFit: ForecastFit = {
  chance: {
    firstChance: chance.first_chance,
    fall: chance.fall,
    studyWeight: chance.study_weight,
    latelyWeight: chance.lately_weight,
    memory: chance.memory,
  },
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
