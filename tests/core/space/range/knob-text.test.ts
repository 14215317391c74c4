import { expect, it } from 'vitest';
import type { Knob, KnobType, KnobValue } from '../../../../src/core/space/knob.ts';
import { formatKnobValue } from '../../../../src/core/space/range/knob-text.ts';

function knob(type: KnobType, text: string, value: KnobValue = 0): Knob {
  return { name: 'X', file: 'train.py', type, value, text, span: [0, text.length] };
}

it.each([
  ['int', '128', 64, '64'],
  ['int', '2**19', 2 ** 18, '2**18'],
  ['int', '2 ** 19', 2 ** 18, '2 ** 18'],
  ['int', '2**19', 1, '2**0'],
  ['int', '2**19', 100_000, '100000'],
  ['int', '2**19', 0, '0'],
  ['int', '2**19', -4, '-4'],
  ['int', '10**3', 4096, '4096'],
  ['int', '0x10', 32, '32'],
  ['int', '5', 2 ** 53 - 1, '9007199254740991'],
  ['float', '0.1', 1, '1.0'],
  ['float', '1e-3', 0.25, '0.25'],
  ['float', '0.1', 1e-7, '1e-7'],
  ['float', '0.1', 1e21, '1e+21'],
  ['float', '0.1', -2, '-2.0'],
  ['float', '0.1', 0, '0.0'],
  ['bool', 'True', false, 'False'],
  ['bool', 'False', true, 'True'],
  ['string', '"relu"', 'gelu', '"gelu"'],
  ['string', "'relu'", 'a "b" \'c\' \\d\n', '"a \\"b\\" \'c\' \\\\d\\n"'],
  ['string', "'relu'", 'gelu', "'gelu'"],
  ['string', "'''relu'''", 'gelu', '"gelu"'],
  ['string', '"x"', 'Größe 🌙', '"Größe 🌙"'],
  ['tuple', '(0.9, 0.95)', [0.9, 1], '(0.9, 1.0)'],
  ['tuple', '(1, 2)', [3, 4], '(3, 4)'],
  ['tuple', '(1e3, 2)', [3, 4], '(3.0, 4)'],
  ['tuple', '0.9, 0.95', [0.8, 0.99], '0.8, 0.99'],
  ['tuple', '[1, 2]', [3, 4], '[3, 4]'],
  ['tuple', '(1,)', [3], '(3,)'],
  ['tuple', '[1]', [3], '[3]'],
] as const)('an %s written as %s becomes %j as %s', (type, text, value, written) => {
  expect(formatKnobValue(knob(type, text, Array.isArray(value) ? [1, 2] : 0), value)).toBe(written);
});
