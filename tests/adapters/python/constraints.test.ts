import { describe, expect, it, test } from 'vitest';
import { createKnobReader } from '../../../src/adapters/python/knob-reader.ts';
import { isMet } from '../../../src/core/space/constraint/constraint.ts';
import type { Constraint } from '../../../src/core/space/knob.ts';

const reader = createKnobReader('python3');

async function read(source: string, beside = {}): Promise<readonly Constraint[]> {
  const reading = await reader.read({ 'train.py': source }, beside);
  if (reading.kind === 'unreadable') throw new Error(reading.reason);
  return reading.constraints ?? [];
}

/** Whether the only constraint of a source holds for these values. */
async function holds(source: string, values: Readonly<Record<string, number>>, beside = {}): Promise<boolean> {
  const [constraint, another] = await read(source, beside);
  if (constraint === undefined || another !== undefined) throw new Error('one constraint was expected');
  return isMet(constraint, (_, name) => values[name]);
}

describe('what a script demands of its knobs is followed', () => {
  it.each([
    ['by name', 'A = 64\nB = 8\nassert A % B == 0', { A: 64, B: 8 }, { A: 64, B: 7 }],
    [
      'through a product',
      'A = 64\nB = 8\nC = 2\nassert A % (B * C) == 0',
      { A: 64, B: 8, C: 4 },
      { A: 64, B: 8, C: 3 },
    ],
    [
      'through a name that is made of them',
      'B = 8\nC = 2\nTOTAL = 64\ntokens = B * C\nassert TOTAL % tokens == 0',
      { B: 16, C: 2, TOTAL: 64 },
      { B: 16, C: 3, TOTAL: 64 },
    ],
    [
      'to what ends the script',
      'A = 64\nB = 8\nif A % B:\n    raise ValueError("no")',
      { A: 64, B: 16 },
      { A: 64, B: 5 },
    ],
    [
      'to an exit',
      'import sys\nA = 64\nB = 8\nif A % B != 0:\n    print("no")\n    sys.exit(1)',
      { A: 9, B: 3 },
      { A: 9, B: 2 },
    ],
    [
      'into a function, and to its arguments',
      'A = 64\nB = 8\ndef check(size, *, part=2):\n    rest = size % part\n    assert rest == 0\ncheck(A, part=B)',
      { A: 24, B: 8 },
      { A: 25, B: 8 },
    ],
    [
      'to a flag',
      'import argparse\np = argparse.ArgumentParser()\np.add_argument("--n-embd", type=int, default=64)\np.add_argument("--n-head", type=int, default=4)\nargs = p.parse_args()\nassert args.n_embd % args.n_head == 0',
      { n_embd: 66, n_head: 6 },
      { n_embd: 64, n_head: 6 },
    ],
    [
      'to a variable',
      'import os\nA = int(os.environ.get("A", 64))\nB = 8\nassert A % B == 0',
      { A: 32, B: 8 },
      { A: 33, B: 8 },
    ],
    ['as a chain', 'W = 0.1\nV = 0.5\nassert 0.0 <= W < V', { W: 0, V: 0.1 }, { W: 0.2, V: 0.2 }],
    ['as a sum', 'W = 0.1\nV = 0.5\nassert W + V <= 1.0, "too much"', { W: 0.5, V: 0.5 }, { W: 0.6, V: 0.5 }],
    ['as Python rounds', 'A = 7\nB = 2\nassert -A // B == -4 and True', { A: 8, B: 2 }, { A: 9, B: 2 }],
    [
      'through a greatest divisor',
      'import math\nA = 8\nB = 4\nassert math.gcd(A, B) > 1',
      { A: 9, B: 3 },
      { A: 9, B: 4 },
    ],
  ])('%s', async (_, source, met, broken) => {
    expect(await holds(source, met)).toBe(true);
    expect(await holds(source, broken)).toBe(false);
  });

  it('into a fixed file that is imported', async () => {
    const source = 'from prepare import LENGTH\nimport limits\nA = 64\nassert A % (LENGTH * limits.PARTS) == 0';
    const beside = { 'prepare.py': 'LENGTH = 2**2\n', 'limits.py': 'PARTS = 2\n' };
    expect(await holds(source, { A: 72 }, beside)).toBe(true);
    expect(await holds(source, { A: 76 }, beside)).toBe(false);
    expect(await read(source)).toEqual([]);
  });

  it('each part of a conjunction by itself, so that one which cannot be followed hides no other', async () => {
    expect(await read('A = 64\nB = 8\nassert len("x") == 1 and A % B == 0 and B > 1')).toHaveLength(2);
    expect(await read('A = 64\nB = 8\nif len("x") > 1 or A % B:\n    raise ValueError')).toHaveLength(1);
  });

  it('and one that is found by the name of an attribute alone is not sure', async () => {
    const [byName] = await read('A = 64\nB = 8\nassert A % B == 0');
    const [byAttribute] = await read(
      'n = 8\nwidth = 64\nclass M:\n    def __init__(self, c):\n        assert c.width % c.n == 0\n',
    );
    expect([byName?.isSure, byAttribute?.isSure]).toEqual([true, false]);
    expect(byAttribute).toMatchObject({ file: 'train.py', line: 5, text: 'assert c.width % c.n == 0' });
  });
});

test.each([
  ['stands under a condition', 'A = 64\nB = 8\nif B > 9:\n    assert A % B == 0'],
  ['is caught', 'A = 64\nB = 8\ntry:\n    assert A % B == 0\nexcept AssertionError:\n    pass'],
  ['goes on', 'A = 64\nB = 8\nif A % B:\n    print("odd")'],
  ['has an alternative', 'A = 64\nB = 8\nif A % B:\n    raise ValueError\nelse:\n    pass'],
  ['names what is bound twice', 'A = 64\nb = 8\nb = 4\nassert A % b == 0'],
  ['names what the program finds out', 'A = 64\nB = count()\nassert A % B == 0'],
  ['has no knob', 'assert 4 % 2 == 0'],
  ['goes round in a circle', 'A = 64\ndef f(x):\n    assert A % x == 0\n    f(x)'],
  ['is of what two calls give differently', 'A = 64\nB = 8\ndef f(x):\n    assert A % x == 0\nf(B)\nf(A)'],
])('a check that %s demands nothing', async (_, source) => {
  expect(await read(source)).toEqual([]);
});

it('a fixed file that does not parse is left out', async () => {
  expect(
    await read('from prepare import X\nA = 64\nassert A % X == 0\nassert A > 1', { 'prepare.py': 'X = (' }),
  ).toHaveLength(1);
});

it('fixed files are looked for at the modules that are imported, beside the file and from the top', () => {
  const text =
    'import os, sys\nfrom prepare import X\n  from .sizes.small import Y\nimport data.load as d\nimport net\n';
  expect(
    reader.importsOf?.({ 'src/train.py': text, 'src/net.py': '' }).filter((path) => !/^(?:src\/)?os/.test(path)),
  ).toEqual([
    ...[
      'prepare.py',
      'src/prepare.py',
      'sizes/small.py',
      'src/sizes/small.py',
      'data/load.py',
      'src/data/load.py',
      'net.py',
    ],
  ]);
});
