import { describe, expect, test } from 'vitest';
import { refusalError } from '../../../../src/core/base/read-result.ts';
import type { KnobType, Range, ScaleRange } from '../../../../src/core/space/knob.ts';
import { formatRange, readRange } from '../../../../src/core/space/range/parse-range.ts';

function parseRange(text: string, subject: string, type?: KnobType): Range {
  const reading = readRange(text, type);
  if (reading.kind === 'refused') throw refusalError(subject, reading, text);
  return reading.value;
}

const numeric = (kind: 'int' | 'float', low: number, high: number, { log = false, zero = false } = {}): ScaleRange => ({
  kind,
  low,
  high,
  log,
  zero,
});

describe('readRange and formatRange', () => {
  test.each<[text: string, range: Range]>([
    ['log 1e-4..0.1', numeric('float', 1e-4, 0.1, { log: true })],
    ['float 0..0.98', numeric('float', 0, 0.98)],
    ['float -1.5..2', numeric('float', -1.5, 2)],
    ['int 2..12', numeric('int', 2, 12)],
    ['int -3..0', numeric('int', -3, 0)],
    ['int log 16..1024', numeric('int', 16, 1024, { log: true })],
    ['pow2 16..1024', { kind: 'power-of-two', low: 16, high: 1024 }],
    ['bool', { kind: 'choice', values: [false, true] }],
    ['0 or log 1e-5..0.01', numeric('float', 1e-5, 0.01, { log: true, zero: true })],
    ['0 or int log 4..64', numeric('int', 4, 64, { log: true, zero: true })],
    ['0 or int 2..8', numeric('int', 2, 8, { zero: true })],
    ['choice constant, linear, cosine', { kind: 'choice', values: ['constant', 'linear', 'cosine'] }],
    [
      '(float 0.8..0.95, log 1e-4..0.1, int 1..4, pow2 8..64, 0.5)',
      {
        kind: 'tuple',
        items: [
          numeric('float', 0.8, 0.95),
          numeric('float', 1e-4, 0.1, { log: true }),
          numeric('int', 1, 4),
          { kind: 'power-of-two', low: 8, high: 64 },
          { kind: 'choice', values: [0.5] },
        ],
      },
    ],
    ['choice 8', { kind: 'choice', values: [8] }],
    ['choice 1, 2.5, 1e-4', { kind: 'choice', values: [1, 2.5, 1e-4] }],
    ['choice true, false', { kind: 'choice', values: [true, false] }],
    [
      'choice (0.9, 0.95), (0.9, 0.99)',
      {
        kind: 'choice',
        values: [
          [0.9, 0.95],
          [0.9, 0.99],
        ],
      },
    ],
    [
      'choice two words, "a, b", "5", "true", "say \\"x\\"", ""',
      { kind: 'choice', values: ['two words', 'a, b', '5', 'true', 'say "x"', ''] },
    ],
  ])('%s goes there and back', (text, range) => {
    expect(parseRange(text, 'x')).toEqual(range);
    expect(formatRange(range)).toBe(text);
  });

  test.each([
    ['log 1e-4..1e-1', 'log 1e-4..0.1'],
    [' float log .001 .. .1 ', 'log 0.001..0.1'],
    ['int 1e1..2**10', 'int 10..1024'],
    ['pow2 2**4..2**19', 'pow2 16..524288'],
    ['float 0...5', 'float 0..0.5'],
    ["choice True, 'a', (1,)", 'choice true, a, (1)'],
    ['0  or  log 1e-5..1e-2', '0 or log 1e-5..0.01'],
  ])('%j is %s in other words', (text, canonical) => {
    expect(formatRange(parseRange(text, 'x'))).toBe(canonical);
  });
});

const unreadable = 'a range such as `log 1e-4..1e-1`';

test.each([
  ['', unreadable, 'nothing'],
  ['5', unreadable, '`5`'],
  ['1..', unreadable, '`1..`'],
  ['()', unreadable, 'nothing'],
  ['(1..2, x)', unreadable, '`x`'],
  ['(1..2, 3..2)', 'a range whose low bound is below its high bound', '`3..2`'],
  ['(1..2', 'a range whose bounds are numbers', '`(1`'],
  ['int', unreadable, '`int`'],
  ['int 5', unreadable, '`int 5`'],
  ['int 1..', unreadable, '`int 1..`'],
  ['int 1-5', unreadable, '`int 1-5`'],
  ['uniform 0..1', unreadable, '`uniform 0..1`'],
  ['LOG 1..2', unreadable, '`LOG 1..2`'],
  ['1 or log 1..2', unreadable, '`1 or log 1..2`'],
  ['0 or bool', unreadable, '`0 or bool`'],
  ['choice', unreadable, '`choice`'],
  ['log a..1', 'a range whose bounds are numbers', '`a`'],
  ['float 0..inf', 'a range whose bounds are numbers', '`inf`'],
  ['float 0..1e999', 'a range whose bounds are numbers', '`1e999`'],
  ['float 0,1..0,5', 'a range whose bounds are numbers', '`0,1`'],
  ['int 5..5', 'a range whose low bound is below its high bound', '`int 5..5`'],
  ['float 1..0', 'a range whose low bound is below its high bound', '`float 1..0`'],
  ['int 1..2.5', 'an int range with whole bounds', '`int 1..2.5`'],
  ['log 0..1', 'a log range whose low bound is above zero', '`log 0..1`'],
  ['int log -1..8', 'a log range whose low bound is above zero', '`int log -1..8`'],
  ['0 or float -1..1', 'a range without `0 or`, since it contains 0 already', '`0 or float -1..1`'],
  ['pow2 3..8', 'a pow2 range whose bounds are powers of two', '`pow2 3..8`'],
  ['pow2 0..8', 'a pow2 range whose bounds are powers of two', '`pow2 0..8`'],
  ['0 or pow2 2..8', '`pow2` without `0 or`', '`0 or pow2 2..8`'],
  ['choice a,, b', 'choices separated by commas', '`, b`'],
  ['choice a, b,', 'choices separated by commas', 'nothing'],
  ['choice "a', 'choices separated by commas', '`"a`'],
  ['choice (1, 2', 'choices separated by commas', '`(1, 2`'],
  ['choice (1, x)', 'choices whose tuples are numbers', '`(1, x)`'],
  ['choice a, b, a', 'choices that differ', '`a twice`'],
  ['choice 1, 1.0', 'choices that differ', '`1.0 twice`'],
])('%j must be %s', (text, expected, found) => {
  expect(() => parseRange(text, 'program.md line 12: `space.LR`')).toThrow(
    `program.md line 12: \`space.LR\` must be ${expected}, found ${found}`,
  );
});

test.each<[text: string, type: KnobType, canonical: string]>([
  ['2..12', 'int', 'int 2..12'],
  ['2..12', 'float', 'float 2..12'],
  ['0..0.99', 'float', 'float 0..0.99'],
  ['0..0.99', 'int', 'float 0..0.99'],
  ['log 16..1024', 'int', 'int log 16..1024'],
  ['log 16..1024', 'float', 'log 16..1024'],
  ['log 1e-4..0.1', 'int', 'log 1e-4..0.1'],
  ['0 or 1e-5..1e-2', 'float', '0 or float 1e-5..0.01'],
  ['0 or log 4..64', 'int', '0 or int log 4..64'],
  ['(0.8..0.95, 1..8)', 'tuple', '(float 0.8..0.95, int 1..8)'],
])('%s of an %s knob is %s', (text, type, canonical) => {
  expect(formatRange(parseRange(text, 'x', type))).toBe(canonical);
});
