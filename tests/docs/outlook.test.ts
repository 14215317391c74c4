/** The figures of docs/outlook.md are those of the tables that ship. */
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { stoppingMisses, warningMisses } from '../../src/core/views/forecast/stop-advice.ts';
import calibration from '../../src/data/evidence/forecast-calibration.json' with { type: 'json' };
import fitted from '../../src/data/evidence/forecast-fit.json' with { type: 'json' };
import rules from '../../src/data/evidence/plateau-rule.json' with { type: 'json' };
import searches from '../../src/data/searches/forecast-fit.json' with { type: 'json' };

const page = readFileSync('docs/outlook.md', 'utf8');
const words = page.replaceAll('\n', ' ');
const percent = (share: number | undefined, digits: number) => `${((share ?? 0) * 100).toFixed(digits)} %`;
const rowsOf = (what: string) => calibration.rows.filter((row) => row.what === what);

test('the reliability table has every row, with the repositories that it rests on', () => {
  for (const { from, to, experiments, repos, said, came_true } of rowsOf('reliability')) {
    const span = `${(from ?? 0) * 100} to ${percent(to, 0)}`;
    expect(page).toContain(`| ${span} | ${experiments} | ${repos} | ${percent(said, 1)} | ${percent(came_true, 1)} |`);
  }
});

test('so has that of the Brier scores, in which the forecast is the lowest', () => {
  const rows = rowsOf('Brier score');
  for (const { brier, brier_over_repos } of rows) {
    expect(page).toContain(`| ${brier?.toFixed(4)} | ${brier_over_repos?.toFixed(4)} |`);
  }
  const [forecast, ...others] = rows.map(({ brier }) => brier ?? 0);
  for (const other of others) expect(forecast).toBeLessThan(other);
});

test('what was fitted, and to how many repositories, is that of the fit', () => {
  const [chance, gain] = fitted.rows;
  expect(words).toContain(
    `${chance?.studies} studies (${chance?.repos} repositories, ${chance?.experiments} experiments)`,
  );
  expect(words).toContain(`${percent(chance?.first_chance, 0).replace(' ', '')} of the first`);
  expect(words).toContain(`falls with the power ${gain?.later_fall?.toFixed(2)}`);
  expect(words).toContain(`${gain?.later_keeps_above} of ${gain?.later_keeps} public ones gained more`);
});

test('how often the ranges held is that of the check', () => {
  const [check] = rowsOf('twenty more');
  expect(words).toContain(`Of ${check?.forecasts} forecasts of twenty more experiments (${check?.repos} repositories`);
  expect(words).toContain(`held the gain in ${percent(check?.gain_inside, 0)}`);
  expect(words).toContain(`${percent(check?.gain_above_median, 0)} above the median`);
});

test('what is said of searches is that of their own table', () => {
  const checksOf = (what: string) => searches.checks.filter((row) => row.what === what);
  for (const { from, to, experiments, said, came_true } of checksOf('reliability')) {
    const span = `${((from ?? 0) * 100).toFixed(0)} to ${percent(to, 0)}`;
    expect(page).toContain(`| ${span} | ${experiments} | ${percent(said, 1)} | ${percent(came_true, 1)} |`);
  }
  const [recipe, search] = searches.rows;
  expect(words).toContain(`${search?.studies} studies (${search?.objectives} objectives`);
  expect(words).toContain(
    `${recipe?.experiments} experiments of the recipe and ${search?.experiments} of what is searched`,
  );
  for (const row of searches.rows) expect(words).toContain(percent(row.first_chance, 0));
  for (const row of searches.rows) expect(words).toContain(row.fall.toFixed(2));
  for (const { brier, studies } of checksOf('Brier score')) {
    expect(words).toContain(brier?.toFixed(4));
    expect(words).toContain(`Judged on ${studies} studies`);
  }
  const [twenty] = checksOf('twenty more');
  expect(words).toContain(
    `Of ${twenty?.forecasts} forecasts of twenty more the range of the keeps held ${percent(twenty?.keeps_inside, 0)}`,
  );
  const [forecast = 1, ...others] = checksOf('Brier score').map(({ brier }) => brier ?? 0);
  for (const other of others) expect(forecast).toBeLessThan(other);
});

test('the cost of a plateau rule is that of the table, with the repositories that it rests on', () => {
  const rows = [10, 15, 20, 30, 40].map((misses) =>
    rules.rows.find((each) => each.arm === 'agent' && each.stop_after_so_many_misses === misses),
  );
  const cells = (shares: readonly (number | undefined)[]) =>
    shares.map((share) => ((share ?? 0) * 100).toFixed(0)).join(' | ');
  const over5 = cells(rows.map((row) => row?.['studies_losing_over_5_%']));
  expect(page).toContain(`lose over 5 % of their gain, % | ${over5} |`);
  expect(page).toContain(`lose over half of it, % | ${cells(rows.map((row) => row?.studies_losing_over_half))} |`);
  for (const row of rows)
    expect(words).toContain(`${row?.studies} public studies of at least 50 experiments (${row?.repos} repositories)`);
});

test('warning and advice come after as many misses as the program says', () => {
  expect(words).toContain(
    `${warningMisses} misses in a row are a warning, and stopping is advised from ${stoppingMisses} on`,
  );
});
