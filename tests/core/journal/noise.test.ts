import { expect, it } from 'vitest';
import { isSeedHonoured, pooledNoise, printedSigma, seedWarning } from '../../../src/core/journal/noise.ts';
import { mean, standardDeviation } from '../../../src/core/statistics/moments.ts';
import { createJournal, failed, frozen, scored } from '../../helpers/journal.ts';

it('the mean and the sample standard deviation of a few numbers', () => {
  expect(mean([2, 4, 9])).toBe(5);
  expect(standardDeviation([2, 4, 9])).toBeCloseTo(Math.sqrt((9 + 1 + 16) / 2), 12);
});

it('nothing is known about noise while no run was repeated', () => {
  expect(pooledNoise(createJournal().history())).toBeUndefined();
  expect(pooledNoise(createJournal().baseline(scored(2)).experiment(scored(1), 'keep').history())).toBeUndefined();
});

it('sigma of a baseline of 2.0, 2.2 and 2.4 is 0.2, with two degrees of freedom', () => {
  const noise = pooledNoise(createJournal().baseline(scored(2.0), scored(2.2), scored(2.4)).history());
  expect(noise?.sigma).toBeCloseTo(0.2, 12);
  expect(noise?.degreesOfFreedom).toBe(2);
});

it('candidates that ran more than once are pooled, each around its own mean', () => {
  const journal = createJournal().baseline(scored(2.0), scored(2.2), scored(2.4)).experiment(scored(1.0), 'keep');
  journal.add({ event: 'run-started', experiment: 1, run: 2, seed: 9 });
  journal.add({ event: 'run-ended', experiment: 1, run: 2, result: scored(1.6) });
  // (0.04 + 0 + 0.04 + 0.09 + 0.09) / (2 + 1)
  const noise = pooledNoise(journal.history());
  expect(noise?.sigma).toBeCloseTo(Math.sqrt(0.26 / 3), 12);
  expect(noise?.degreesOfFreedom).toBe(3);
});

it('failed and lost runs are no repetitions', () => {
  const history = createJournal().baseline(scored(2), failed(), failed('lost')).history();
  expect(pooledNoise(history)).toBeUndefined();
});

it('sigma is not below the printed resolution', () => {
  const coarse = scored(2, { resolution: 0.01 });
  expect(pooledNoise(createJournal().baseline(coarse, coarse, coarse).history())).toEqual({
    sigma: 0.01,
    degreesOfFreedom: 2,
  });
});

it('the resolution is that of the finest digit that any run printed', () => {
  // `2.5` and `2.5017` come from the same format: the first one just ends in zeros.
  const history = createJournal()
    .baseline(scored(2.5, { resolution: 0.1 }), scored(2.5017), scored(2.5009))
    .history();
  expect(pooledNoise(history)?.sigma).toBeLessThan(0.002);
});

it.each([
  ['differ', [2, 2.1, 2.2], true, true],
  ['agree to the last digit', [2, 2, 2], true, false],
  ['differ, though nothing names the seed,', [2, 2.1, 2.2], false, false],
  ['are a single one', [2], true, true],
] as const)('when the baselines %s the seed is honoured: %j %j -> %j', (_, values, isSeedNamed, isHonoured) => {
  const history = createJournal({ isSeedNamed })
    .baseline(...values.map((value) => scored(value)))
    .history();
  expect(isSeedHonoured(history)).toBe(isHonoured);
});

it.each([
  ['of a shell', ['sh', '-c', 'python train.py --seed $NOCTURNE_SEED']],
  ['of make', ['make', 'train', 'SEED=$NOCTURNE_SEED']],
  ['of env', ['env', 'SEED=$NOCTURNE_SEED', 'python', 'train.py']],
])('a command %s that hands the seed on honours it', (_, train) => {
  const start = { isSeedNamed: false, frozen: { ...frozen, train } };
  expect(seedWarning(createJournal(start).baseline(scored(2), scored(2.1)).history())).toBeUndefined();
  expect(seedWarning(createJournal(start).baseline(scored(2), scored(2)).history())).toMatch(/^Seed not honoured/);
});

it.each([
  [[2, 2.1, 2.2], /^Seed unknown: no file names NOCTURNE_SEED, yet the baseline's runs differ/],
  [[2, 2, 2], /^Seed not honoured: the script ignores NOCTURNE_SEED/],
  [[2], /^Seed not honoured/],
])('where nothing names the seed, baselines of %j are told apart', (values, sentence) => {
  const history = createJournal({ isSeedNamed: false })
    .baseline(...values.map((value) => scored(value)))
    .history();
  expect(seedWarning(history)).toMatch(sentence);
});

// chi squared's lowest fifth: 0.0642, 0.446, 2.343, 5.380 from published tables.
it.each([
  [2, 0.446],
  [5, 2.343],
  [9, 5.38],
])('with %d degrees of freedom the printed sigma is the upper 80 %% bound', (degreesOfFreedom, quantile) => {
  const printed = printedSigma({ squares: degreesOfFreedom, degreesOfFreedom });
  expect(printed / Math.sqrt(degreesOfFreedom / quantile)).toBeCloseTo(1, 2);
});

it('from ten degrees of freedom on the printed sigma is the plain one', () => {
  expect(printedSigma({ squares: 90, degreesOfFreedom: 10 })).toBe(3);
});
