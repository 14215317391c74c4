import { expect, it } from 'vitest';
import {
  alternativesText,
  countText,
  formatDuration,
  formatExperiment,
  formatMetric,
  formatProbability,
} from '../../../src/core/base/format.ts';

it.each([
  [0, '0.0000'],
  [-0, '0.0000'],
  [2.0674, '2.0674'],
  [-2.0674, '-2.0674'],
  [0.99994, '0.9999'],
  [0.0338, '0.0338'],
  [0.001, '0.0010'],
  [0.00099, '9.900e-4'],
  [-1e-9, '-1.000e-9'],
  [12.34567, '12.346'],
  [1234.567, '1234.6'],
  [99_999, '99999'],
  [100_000, '1.000e+5'],
])('the metric %d reads %s', (value, text) => {
  expect(formatMetric(value)).toBe(text);
});

it.each([
  [0, '0.0 s'],
  [8.24, '8.2 s'],
  [99.9, '99.9 s'],
  [100, '1m 40s'],
  [245, '4m 05s'],
  [3599, '59m 59s'],
  [3600, '1h 00m'],
  [25_920, '7h 12m'],
  [360_000, '100h 00m'],
])('%d seconds read %s', (seconds, text) => {
  expect(formatDuration(seconds)).toBe(text);
});

it.each([
  [0, '0000'],
  [7, '0007'],
  [9999, '9999'],
  [12_345, '12345'],
])('experiment %d is written %s', (experiment, text) => {
  expect(formatExperiment(experiment)).toBe(text);
});

it.each([
  [0, 'under 1 %'],
  [0.009, 'under 1 %'],
  [0.01, '1 %'],
  [0.184, '18 %'],
  [0.99, '99 %'],
  [0.9901, 'over 99 %'],
  [1, 'over 99 %'],
])('the probability %d reads %s', (probability, text) => {
  expect(formatProbability(probability)).toBe(text);
});

it('counts in words', () => {
  expect([countText(0, 'run'), countText(1, 'run'), countText(2, 'process', 'processes')]).toEqual([
    '0 runs',
    '1 run',
    '2 processes',
  ]);
});

it.each([
  [[], ''],
  [['a'], 'a'],
  [['a', 'b'], 'a or b'],
  [['a', 'b', 'c'], 'a, b or c'],
])('the alternatives %j read %s', (names, text) => {
  expect(alternativesText(names)).toBe(text);
});
