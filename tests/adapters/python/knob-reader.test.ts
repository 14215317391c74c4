import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createKnobReader } from '../../../src/adapters/python/knob-reader.ts';
import { applyEdits } from '../../../src/core/proposal/patch.ts';
import type { Knob } from '../../../src/core/space/knob.ts';
import { createLineKnobReader } from '../../../src/testing/index.ts';
import { temporaryFolder } from '../../helpers/temporary-repo.ts';

const reader = createKnobReader('python3');

async function knobsOf(source: string, file = 'train.py'): Promise<readonly Knob[]> {
  const reading = await reader.read({ [file]: source });
  if (reading.kind === 'unreadable') throw new Error(reading.reason);
  return reading.knobs;
}

describe('a knob is a constant in capitals at the top level', () => {
  it.each([
    ['LR = 0.1', 'float', 0.1, '0.1'],
    ['LR = 1e-3  # comment', 'float', 0.001, '1e-3'],
    ['LR: float = .5', 'float', 0.5, '.5'],
    ['LR = -0.1', 'float', -0.1, '-0.1'],
    ['LR = 1 / 4', 'float', 0.25, '1 / 4'],
    ['LR = (0.1)', 'float', 0.1, '0.1'],
    ['WIDTH = 128', 'int', 128, '128'],
    ['WIDTH=2**19', 'int', 524288, '2**19'],
    ['WIDTH = 64 * 4', 'int', 256, '64 * 4'],
    ['WIDTH = 0x10', 'int', 16, '0x10'],
    ['WIDTH = 1_000', 'int', 1000, '1_000'],
    ['USE = True', 'bool', true, 'True'],
    ["KIND = 'gelu'", 'string', 'gelu', "'gelu'"],
    ['KIND = "Größe 🌙"', 'string', 'Größe 🌙', '"Größe 🌙"'],
    ['BETAS = (0.9, 0.95)', 'tuple', [0.9, 0.95], '(0.9, 0.95)'],
    ['BETAS = 0.9, 0.95', 'tuple', [0.9, 0.95], '0.9, 0.95'],
    ['SIZES = [1, 2, 3]', 'tuple', [1, 2, 3], '[1, 2, 3]'],
    ['A1_B2 = 3', 'int', 3, '3'],
    ['X = 1; Y = 2', 'int', 1, '1'],
  ])('%s', async (source, type, value, text) => {
    expect((await knobsOf(`${source}\n`))[0]).toMatchObject({ type, value, text });
  });

  it.each([
    ['a private name', '_LR = 0.1'],
    ['a call', 'LR = float("0.1")'],
    ['another name', 'A = len("x")\nB = C'],
    ['nothing', 'LR: float'],
    ['None', 'LR = None'],
    ['a complex number', 'LR = 1j'],
    ['bytes', 'KIND = b"x"'],
    ['an f-string', 'KIND = f"{1}"'],
    ['a dict', 'D = {"a": 1}'],
    ['an empty list', 'L = []'],
    ['a list of texts', 'L = ["a"]'],
    ['two targets', 'A = B = 1'],
    ['an unpacking', 'A, B = 1, 2'],
    ['a change in place', 'LR += 1'],
    ['a division by zero', 'LR = 1 / 0'],
    ['an infinite number', 'LR = 1e999'],
    ['a number beyond what JSON can tell', `N = ${2 ** 60}`],
    ['a power that would never end', 'N = 9 ** 9 ** 9 ** 9'],
    ['a name inside a function', 'def f():\n    LR = 0.1'],
    ['a name inside a block', 'if True:\n    LR = 0.1'],
    ['a name bound twice', 'LR = 0.1\nLR = 0.2'],
    ['a name bound again in a function', 'LR = 0.1\ndef f():\n    global LR\n    LR = 0.2'],
    ['a name that a loop binds', 'LR = 0.1\nfor LR in []: pass'],
  ])('and not %s', async (_, source) => {
    expect(await knobsOf(`${source}\n`)).toEqual([]);
  });
});

it('knobs come in the order of files and lines, each with its file', async () => {
  const reading = await reader.read({ 'b.py': 'Y = 1\nX = 2\n', 'notes.txt': 'Z = 3\n', 'a.py': 'W = 4\n' });
  expect(reading).toMatchObject({
    knobs: [
      { file: 'b.py', name: 'Y' },
      { file: 'b.py', name: 'X' },
      { file: 'a.py', name: 'W' },
    ],
  });
});

it.each([
  ['behind characters of several bytes', '# Größe 🌙\nKIND = "é"; LR = 0.1  # ß\nDEPTH = 2\n'],
  ['with Windows line ends', 'A = 1\r\nLR = 0.1\r\nDEPTH = 2\r\n'],
  ['with old Mac line ends', 'A = 1\rLR = 0.1\rDEPTH = 2\r'],
  ['behind text over several lines', 'TEXT = """a\nü\n"""\nLR = 0.1\nDEPTH = 2'],
  ['behind a form feed', 'A = 1\n\f\nLR = 0.1\nDEPTH = 2\n'],
])('a span is exact %s', async (_, source) => {
  const knobs = await knobsOf(source);
  const edits = [
    { kind: 'set-knob' as const, file: 'train.py', knob: 'LR', to: 0.25 },
    { kind: 'set-knob' as const, file: 'train.py', knob: 'DEPTH', to: 12 },
  ];
  const patch = applyEdits({ files: { 'train.py': source }, knobs }, edits);
  expect(patch).toEqual({
    kind: 'patched',
    files: { 'train.py': source.replace('LR = 0.1', 'LR = 0.25').replace('DEPTH = 2', 'DEPTH = 12') },
  });
});

it.each([
  ['LR = = 1\n', /^train\.py line 1: invalid syntax/],
  ['x = 1\nif x\n', /^train\.py line 2: /],
  ['\tx = 1\n', /^train\.py line 1: unexpected indent/],
  ['"""never ends', /^train\.py line 1: /],
  ['x = "\0"\n', /^train\.py line \d+: /],
  [`${'('.repeat(1000)}1${')'.repeat(1000)}`, /^train\.py line \d+: /],
])('a source that does not parse says where: %j', async (source, reason) => {
  expect(await reader.read({ 'train.py': source })).toEqual({
    kind: 'unreadable',
    reason: expect.stringMatching(reason),
  });
});

// Python runs such a file; the reader hands it to ast.parse as text, where the mark is a syntax error.
it('a byte order mark at the start of a file is no syntax error', async () => {
  expect(await knobsOf('\uFEFFLR = 0.1\n')).toMatchObject([{ name: 'LR', span: [8, 11] }]);
});

it('nothing of the source is executed', async () => {
  const path = join(temporaryFolder(), 'ran');
  await knobsOf(`open(${JSON.stringify(path)}, "w").close()\nLR = 0.1\n`);
  expect(existsSync(path)).toBe(false);
});

it('files that are not Python need no Python', async () => {
  expect(await createKnobReader('/no/such/python').read({ 'train.jl': 'LR = 0.1' })).toEqual({
    kind: 'read',
    knobs: [],
  });
});

it('the reader for tests agrees on lines of plain numbers', async () => {
  const files = { 'train.py': '# ü\nLR = 0.1  # rate\nDEPTH = 4\n_private = 3\nNEGATIVE = -1.5e-3\n' };
  expect(await createLineKnobReader().read(files)).toEqual(await reader.read(files));
});
