import { expect, it } from 'vitest';
import {
  alternativesText,
  countText,
  decimalsFor,
  formatAt,
  formatDuration,
  formatExperiment,
  formatMetric,
  formatProbability,
  formatRounded,
  formatSigned,
  gainPhrase,
  withNotes,
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

it.each([
  [0.0127, 3],
  [0.0098, 4],
  [0.1, 2],
  [1, 1],
  [12, 0],
  [1234, -2],
])('an error of %d has its second digit at decimal %d', (error, decimals) => {
  expect(decimalsFor(error)).toBe(decimals);
});

it.each([
  [1.08613, 3, '1.086'],
  [-0.0004, 3, '0.000'],
  [0, 2, '0.00'],
  [12_345.6, 0, '12346'],
  [12_345.6, -2, '12346'],
  [3.21e12, -9, '3.210e+12'],
  [3.2145e-8, 11, '3.215e-8'],
  [1e-14, 11, '0'],
])('%d with %d decimals reads %s', (value, decimals, text) => {
  expect(formatAt(value, decimals)).toBe(text);
});

it.each([
  [0.0338, '+0.034'],
  [-0.0338, '-0.034'],
  [0.0002, '0.000'],
  [-0.0002, '0.000'],
])('a gain of %d reads %s', (gain, text) => {
  expect(formatSigned(gain, 3)).toBe(text);
});

it.each([
  [0.0338, 0.012, 'better by 0.034 ± 0.012'],
  [-0.0338, undefined, 'worse by 0.034'],
  [0, 0.012, 'neither better nor worse ± 0.012'],
  [0.5, 0.0001, 'better by 0.500'],
])('a gain of %d with the error %d is said as %s', (gain, error, text) => {
  expect(gainPhrase(gain, 3, error)).toBe(text);
});

it('a number of few digits has no zeros at its end', () => {
  expect([formatRounded(2, 3), formatRounded(0.12345, 2)]).toEqual(['2', '0.12']);
});

it('a text with an error or an estimate says what that is, and no other does', () => {
  const plusMinus = '± is half a 95 % interval.';
  expect(withNotes('better by 1 ± 2')).toBe(`better by 1 ± 2\n${plusMinus}`);
  expect(withNotes('better by 1')).toBe('better by 1');
  const note = 'Estimated is what all runs so far make likely; other gains are measured.';
  expect(withNotes('[estimated +1] LR')).toBe(`[estimated +1] LR\n${note}`);
  expect(withNotes('better by 1 ± 2, estimated better by 3').split('\n').slice(1)).toEqual([plusMinus, note]);
  expect(withNotes('estimated from 20 trials')).toBe('estimated from 20 trials');
});
