/** A change of the seed stays one by whatever way it is passed; what does anything else is another program. */
import { expect, test } from 'vitest';
import { createSourceInspector } from '../../../src/adapters/python/source-inspector.ts';
import { compareForms } from '../../../src/core/proposal/trivial-change.ts';
import { memoised } from '../../helpers/memoised.ts';

const inspect = createSourceInspector('python3');

const source = `import os
import random
import numpy as np
import prepare

WIDTH = 64
OFFSET = 3


class Config:
    width = 64


def train(data, steps):
    rng = np.random.default_rng(prepare.SEED)
    noise = rng.normal(size=WIDTH)
    for step in range(steps + OFFSET):
        noise = noise * Config.width
    return noise


train(prepare.load(), 100)
`;
const seeding = 'np.random.default_rng(prepare.SEED)';
const seeded = (expression: string) => source.replace(seeding, `np.random.default_rng(${expression})`);
const above = (lines: string, text: string) => text.replace('WIDTH = 64', `${lines}\nWIDTH = 64`);
const before = (line: string, text = source) => text.replace('    noise = rng', `    ${line}\n    noise = rng`);

/** Ways to train with another seed. */
const seedOnly: readonly (readonly [string, string])[] = [
  ['a number', seeded('prepare.SEED + 41')],
  ['a function', above('def s():\n    return 7\n', seeded('s()'))],
  [
    'a function that computes',
    above('def s(n):\n    t = 0\n    for i in range(n):\n        t += i\n    return t\n', seeded('s(9)')),
  ],
  [
    'a function that asks another one',
    above('def a():\n    return 3\n\n\ndef b():\n    return a() * 2\n', seeded('b()')),
  ],
  ['a lambda', above('s = lambda: 7', seeded('s()'))],
  ['a constant of an innocent name', above('START = 41', seeded('START'))],
  ['a constant made of others', above('A = 4\nB = A * 10 + 1', seeded('prepare.SEED + B'))],
  [
    'a variable of the function',
    source
      .replace(seeding, 'np.random.default_rng(base)')
      .replace('    rng', '    base = int(os.environ["NOCTURNE_SEED"]) * 0 + 41\n    rng'),
  ],
  ['a class', above('class Start:\n    value = 41\n', seeded('Start.value'))],
  [
    'a field of a class that is used',
    seeded('Config.start').replace('    width = 64', '    width = 64\n    start = 41'),
  ],
  ['an entry of a dict', above('SETTINGS = {"start": 41}', seeded('SETTINGS["start"]'))],
  [
    'a hash of a text',
    above('import hashlib\nNAME = "lucky"', seeded('int(hashlib.md5(NAME.encode()).hexdigest(), 16)')),
  ],
  ['the time', above('import time', seeded('int(time.time())'))],
  ['a parameter with a default', seeded('start').replace('def train(data, steps)', 'def train(data, steps, start=41)')],
  [
    'an argument',
    seeded('start').replace('def train(data, steps)', 'def train(data, steps, start)').replace(', 100)', ', 100, 41)'),
  ],
  [
    'a named argument',
    seeded('start')
      .replace('def train(data, steps)', 'def train(data, steps, *, start)')
      .replace(', 100)', ', 100, start=41)'),
  ],
  [
    'a helper that makes the generator',
    above('def make(k):\n    return np.random.default_rng(k)\n', source.replace(seeding, 'make(41)')),
  ],
  ['a generator of another kind', source.replace(seeding, 'np.random.Generator(np.random.PCG64(41))')],
  ['another stream of the generator', source.replace(seeding, 'np.random.default_rng(prepare.SEED).spawn(3)[2]')],
  ['the environment', above('os.environ["NOCTURNE_SEED"] = "41"', source)],
  ['the environment by a call', above('os.environ.update(NOCTURNE_SEED="41")', source)],
  ['a default of the environment', above('os.environ.setdefault("PYTHONHASHSEED", "3")', source)],
  ['the module that holds it', above('prepare.SEED = 41', source)],
  ['setattr', above('setattr(prepare, "SEED", 41)', source)],
  ['the names of the module', above('globals()["SEED"] = 41', source)],
  ['a draw that is thrown away', before('rng.normal()')],
  ['a draw that is kept under no name that is used', before('_ = rng.random(7)')],
  ['some draws that are thrown away', before('for _ in range(41):\n        rng.random()')],
  ['a generator that is moved on', before('rng.bit_generator.advance(41)')],
  ['a state that is set', above('random.setstate(prepare.STATE)', source)],
];

/** Changes that look a little like it, and do something else. */
const different: readonly (readonly [string, string])[] = [
  ['a constant that is used elsewhere too', above('START = 65', seeded('START')).replace('size=WIDTH', 'size=START')],
  [
    'a function that is used elsewhere too',
    above('def s():\n    return 65\n', seeded('s()')).replace('size=WIDTH', 'size=s()'),
  ],
  ['a function that does more', above('def s():\n    np.seterr(all="raise")\n    return 7\n', seeded('s()'))],
  [
    'a function that changes what is used',
    above('def s():\n    global WIDTH\n    WIDTH = 65\n    return 7\n', seeded('s()')),
  ],
  ['a constant whose making does more', above('START = prepare.setup()', seeded('START'))],
  ['a seed and a value', seeded('41').replace('WIDTH = 64', 'WIDTH = 65')],
  ['the constant that shifts the steps', seeded('OFFSET').replace('OFFSET = 3', 'OFFSET = 4')],
  ['a field that is used', source.replace('    width = 64', '    width = 65')],
  ['an argument that is used', source.replace(', 100)', ', 101)')],
  ['a draw that is used', source.replace('noise * Config', 'noise * rng.normal() * Config')],
  ['processes that are started', before('prepare.spawn(41)')],
  ['a progress bar that is moved on', before('bar.advance(1)')],
  ['a state of something else', before('prepare.set_state(41)')],
  ['an import with an effect', above('import faster_numpy as START', seeded('START'))],
  ['the noise itself', source.replace('rng.normal(', 'rng.uniform(')],
];

const forms = memoised(async () => {
  const texts = [source, ...seedOnly.map(([, text]) => text), ...different.map(([, text]) => text)];
  const inspection = await inspect(Object.fromEntries(texts.map((text, index) => [`${index}.py`, text])));
  if (inspection.kind !== 'read') throw new Error(JSON.stringify(inspection));
  const { forms: read } = inspection;
  return (text: string) => {
    const form = read[`${texts.indexOf(text)}.py`];
    return form === undefined ? {} : { 'train.py': form };
  };
});

test.each(seedOnly)('a seed that is passed by %s is the only change', async (_, text) => {
  const formOf = await forms();
  expect(text).not.toBe(source);
  expect(compareForms(formOf(source), formOf(text))).toBe('seed-only');
});

test.each(different)('%s is another program', async (_, text) => {
  const formOf = await forms();
  expect(text).not.toBe(source);
  expect(compareForms(formOf(source), formOf(text))).toBe('different');
});

test('two such ways are the same change', async () => {
  const formOf = await forms();
  const [first, second] = [seedOnly[1]?.[1] ?? '', seedOnly[7]?.[1] ?? ''];
  expect(compareForms(formOf(first), formOf(second))).toBe('seed-only');
});
