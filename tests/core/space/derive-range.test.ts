import { describe, expect, test } from 'vitest';
import { buildSpace, deriveRange } from '../../../src/core/space/derive-range.ts';
import type { Knob, KnobType, KnobValue } from '../../../src/core/space/knob.ts';
import { formatRange } from '../../../src/core/space/parse-range.ts';
import { rangeContains } from '../../../src/core/space/range-contains.ts';

/** A knob as a Python line has it: `LR = 0.1`, `DEPTH = 8`, `FLAG = True`, `MODE = "a"`, `BETAS = (0.8, 0.95)`. */
function knob(line: string): Knob {
  const [name = '', text = ''] = line.split(' = ');
  const [type, value] = literal(text);
  return { name, file: 'train.py', type, value, text, span: [0, text.length] };
}

function literal(text: string): [KnobType, KnobValue] {
  if (/^(True|False)$/.test(text)) return ['bool', text === 'True'];
  if (text.startsWith('"')) return ['string', JSON.parse(text)];
  if (text.startsWith('(')) return ['tuple', JSON.parse(`[${text.slice(1, -1)}]`)];
  const power = /^2\*\*(\d+)$/.exec(text);
  if (power !== null) return ['int', 2 ** Number(power[1])];
  return [/[.e]/.test(text) ? 'float' : 'int', Number(text)];
}

describe('deriveRange', () => {
  test.each([
    ['LEARNING_RATE = 0.1', 'log 0.0033..3'],
    ['LR = 3e-4', 'log 1e-5..0.009'],
    ['MATRIX_LR = 0.04', 'log 0.0013..1.2'],
    ['FINAL_LR_FRAC = 0.0', 'float 0..1'],
    ['LR_DECAY = 0.1', 'float 0..0.99'],
    ['ADAM_EPS = 1e-8', 'log 3.3e-10..3e-7'],
    ['WEIGHT_DECAY = 0.0', '0 or log 1e-5..0.1'],
    ['WEIGHT_DECAY = 0.2', '0 or log 0.002..2'],
    ['GRAD_CLIP = 0.0', '0 or log 0.1..10'],
    ['GRAD_CLIP = 1.0', '0 or log 0.1..10'],
    ['DROPOUT = 0.0', 'float 0..0.5'],
    ['DROPOUT = 0.7', 'float 0..0.7'],
    ['WARMUP = 0.0', 'float 0..0.5'],
    ['WARMUP_RATIO = 0.1', 'float 0..0.5'],
    ['WARMDOWN_RATIO = 0.5', 'float 0..1'],
    ['LABEL_SMOOTHING = 0.1', 'float 0..0.3'],
    ['MOMENTUM = 0.0', 'float 0..0.99'],
    ['MOMENTUM = 0.95', 'float 0.5..0.995'],
    ['BETA2 = 0.999', 'float 0.99..0.9999'],
    ['EMA_DECAY = 0.9', 'float 0..0.99'],
    ['INIT_SCALE = 1.0', 'log 0.1..10'],
    ['HIDDEN = 64', 'pow2 8..512'],
    ['BATCH_SIZE = 128', 'pow2 16..1024'],
    ['TOTAL_BATCH_SIZE = 2**19', 'pow2 65536..4194304'],
    ['CONTEXT = 4', 'pow2 1..32'],
    ['HEAD_DIM = 128', 'pow2 16..1024'],
    ['N_EMBD = 768', 'int log 96..6144'],
    ['WIDTH = 5', 'int log 1..40'],
    ['DEPTH = 8', 'int 4..16'],
    ['LAYERS = 1', 'int 1..3'],
    ['N_HEADS = 12', 'int 6..24'],
    ['N_HEADS = 4', 'pow2 1..32'],
    ['DEPTH = 24', 'int 12..48'],
    ['ASPECT_RATIO = 64', 'int log 16..256'],
    ['MLP_RATIO = 4', 'pow2 1..32'],
    ['USE_BIAS = False', 'bool'],
  ])('%s: %s', (line, text) => {
    const range = deriveRange(knob(line));
    expect(range && formatRange(range)).toBe(text);
  });

  test.each([
    'SEED = 1337',
    'EVAL_TOKENS = 4096',
    'TIME_BUDGET = 300',
    'VOCAB_SIZE = 8192',
    'LOG_EVERY = 10',
    'DEBUG = False',
    'ACTIVATION = "tanh"',
    'DATA = "data/train.bin"',
    'ADAM_BETAS = (0.8, 0.95)',
    'LR = 0.0',
    'OFFSET = 0.0',
    'OFFSET = -1.0',
    'STEPS = 0',
    'STEPS = -1',
    'LR = 1e308',
    'LR = 5e-324',
    'WIDTH = 2**52',
  ])('%s is not searched', (line) => {
    expect(deriveRange(knob(line))).toBeUndefined();
  });

  test('a derived range contains the current value, whatever the name and the number', () => {
    const names = [
      'LR',
      'WEIGHT_DECAY',
      'DROPOUT',
      'WARMUP',
      'MOMENTUM',
      'EMA',
      'EPS',
      'CLIP',
      'FRAC',
      'X',
      'WIDTH',
      'DEPTH',
    ];
    const texts = [
      '0.0',
      '1e-30',
      '1e-9',
      '0.003',
      '0.123456789',
      '0.5',
      '0.99',
      '0.99999999',
      '1.0',
      '1.5',
      '1e6',
      '1',
      '3',
      '7',
      '100',
    ];
    for (const [name, text] of names.flatMap((name) => texts.map((text) => [name, text]))) {
      const candidate = knob(`${name} = ${text}`);
      const range = deriveRange(candidate);
      if (range !== undefined) expect([name, text, rangeContains(range, candidate.value)]).toEqual([name, text, true]);
    }
  });
});

describe('buildSpace', () => {
  const knobs = ['LR = 0.1', 'DEPTH = 8', 'MODE = "a"', 'FAST = True', 'BETAS = (0.8, 0.95)', 'SEED = 1'].map(knob);

  test('keeps source order, leaves out what has no range, and puts declared ranges first', () => {
    const space = buildSpace(knobs, { DEPTH: 'int 2..12', MODE: 'choice a, b', SEED: 'int 0..9' }, 'program.md');
    expect(space.map(({ knob: { name }, range }) => `${name}: ${formatRange(range)}`)).toEqual([
      'LR: log 0.0033..3',
      'DEPTH: int 2..12',
      'MODE: choice a, b',
      'FAST: bool',
      'SEED: int 0..9',
    ]);
  });

  test('a choice of the current value alone holds a knob still', () => {
    const space = buildSpace(knobs, { DEPTH: 'choice 8', FAST: 'choice true' }, 'program.md');
    expect(space.map(({ knob: { name } }) => name)).toEqual(['LR']);
  });

  test('a knob named like a method of objects gets no range by accident', () => {
    expect(buildSpace([knob('toString = "a"')], {}, 'program.md')).toEqual([]);
  });

  test.each([
    ['LRR', 'log 1..2', 'is not a knob of the editable files; did you mean `LR`?'],
    ['depth', 'int 1..9', 'is not a knob of the editable files; did you mean `DEPTH`?'],
    ['QQQQ', 'int 1..9', 'is not a knob of the editable files; expected one of LR, DEPTH, MODE, FAST, BETAS, SEED'],
    ['LR', 'log 1', 'must be a range such as `log 1e-4..1e-1`, found `log 1`'],
    ['LR', 'log 1..2', 'must be a range that contains the current value, `LR = 0.1` in train.py, found `log 1..2`'],
    [
      'LR',
      'choice 1, 2',
      'must be a range that contains the current value, `LR = 0.1` in train.py, found `choice 1, 2`',
    ],
    ['LR', 'choice a, b', 'must be a range of numbers, to suit `LR = 0.1` in train.py, found `choice a, b`'],
    [
      'DEPTH',
      'float 1..9',
      'must be a range of whole numbers (`int`, `int log`, `pow2` or `choice`), to suit `DEPTH = 8` in train.py, found `float 1..9`',
    ],
    [
      'DEPTH',
      'choice 8, 8.5',
      'must be a range of whole numbers (`int`, `int log`, `pow2` or `choice`), to suit `DEPTH = 8` in train.py, found `choice 8, 8.5`',
    ],
    [
      'DEPTH',
      'int 9..12',
      'must be a range that contains the current value, `DEPTH = 8` in train.py, found `int 9..12`',
    ],
    ['MODE', 'int 1..4', 'must be a `choice` of texts, to suit `MODE = "a"` in train.py, found `int 1..4`'],
    [
      'MODE',
      'choice b, c',
      'must be a range that contains the current value, `MODE = "a"` in train.py, found `choice b, c`',
    ],
    ['FAST', 'int 0..1', 'must be `bool`, to suit `FAST = True` in train.py, found `int 0..1`'],
    [
      'BETAS',
      'choice (0.8, 0.95), (0.9,)',
      'must be a `choice` of tuples of the same length, to suit `BETAS = (0.8, 0.95)` in train.py, found `choice (0.8, 0.95), (0.9,)`',
    ],
  ])('%s: %s', (name, text, sentence) => {
    expect(() => buildSpace(knobs, { [name]: text }, 'program.md')).toThrow(
      `program.md: \`space.${name}\` ${sentence}`,
    );
  });
});
