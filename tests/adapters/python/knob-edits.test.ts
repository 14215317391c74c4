/** What setting a knob does to the source, for every way in which Python lets one write it, read back by Python itself. */
import { describe, expect, it } from 'vitest';
import { createKnobReader } from '../../../src/adapters/python/knob-reader.ts';
import { applyEdits } from '../../../src/core/proposal/patch.ts';
import type { Knob, KnobValue } from '../../../src/core/space/knob.ts';

const reader = createKnobReader('python3');

async function read(files: Readonly<Record<string, string>>): Promise<readonly Knob[]> {
  const reading = await reader.read(files);
  if (reading.kind === 'unreadable') throw new Error(reading.reason);
  return reading.knobs;
}

/** Literal, as it is written; the values to set; how each is then written. */
const literals: readonly (readonly [text: string, ...changes: (readonly [to: KnobValue, text: string])[]])[] = [
  ['1e-3', [0.5, '0.5'], [2, '2.0'], [5e-7, '5e-7'], [-0.25, '-0.25'], [0, '0.0']],
  ['0.1', [0.1, '0.1'], [0.30000000000000004, '0.30000000000000004']],
  ['.5', [0.25, '0.25']],
  ['5.', [6, '6.0']],
  ['-0.5', [0.5, '0.5'], [-2, '-2.0']],
  ['+0.5', [1, '1.0']],
  ['1_000.5', [2000.5, '2000.5']],
  ['1 / 4', [0.5, '0.5']],
  ['1_000', [2000, '2000'], [0, '0'], [-7, '-7']],
  ['2**19', [2 ** 18, '2**18'], [3, '3'], [1, '2**0']],
  ['2 ** 19', [2 ** 20, '2 ** 20'], [524289, '524289']],
  ['1 << 10', [2048, '2048']],
  ['0x10', [32, '32']],
  ['0o17', [8, '8']],
  ['0b1010', [5, '5']],
  ['3*4', [16, '16']],
  ['64 * (2 + 2)', [128, '128']],
  ['True', [false, 'False']],
  ['False', [true, 'True']],
  ["'a'", ['b', "'b'"], ["it's", '"it\'s"'], ['', "''"], ['a\\b', '"a\\\\b"'], ['$& $1 {x}', "'$& $1 {x}'"]],
  ['"a"', ['b', '"b"'], ['say "x"', '"say \\"x\\""'], ['Größe 🌙', '"Größe 🌙"'], ['a\nb', '"a\\nb"']],
  ['"""a"""', ['b', '"b"']],
  ["r'a\\d'", ['b', '"b"']],
  ['"a" "b"', ['c', '"c"']],
  ['"Größe 🌙 #"', ['x', '"x"']],
  ['(0.9, 0.95)', [[0.9, 0.99], '(0.9, 0.99)'], [[1, 0], '(1.0, 0.0)']],
  ['(0.90,0.95)', [[0.9, 0.99], '(0.90,0.99)']],
  ['( 0.9 , 9.5e-1 , )', [[0.8, 0.95], '( 0.8 , 9.5e-1 , )']],
  ['(1, 0.5)', [[2, 0.25], '(2, 0.25)']],
  ['(2**4, 0x1e)', [[32, 31], '(32, 31)']],
  ['(-1, +2)', [[-3, 2], '(-3, +2)']],
  ['(1,)', [[3], '(3,)']],
  ['[1, 2]', [[1, 5], '[1, 5]']],
  ['0.9, 0.95', [[0.8, 0.99], '0.8, 0.99']],
  ['1,', [[2], '2,']],
  ['((1), (2))', [[1, 3], '((1), 3)']],
  ['(1), (2)', [[4, 2], '4, (2)']],
  ['(\n    0.9,  # first, (of two\n    0.95,\n)', [[0.8, 0.99], '(\n    0.8,  # first, (of two\n    0.99,\n)']],
];

const surroundings: readonly (readonly [name: string, wrap: (literal: string) => string])[] = [
  ['alone', (literal) => `X = ${literal}\n`],
  ['without a newline at the end', (literal) => `X = ${literal}`],
  ['before a comment', (literal) => `X = ${literal}    # a comment, aligned; X = 1\n`],
  ['with a type', (literal) => `X: object = ${literal}  # typed\n`],
  ['with tabs around it', (literal) => `X\t=\t${literal}\t# tab\n`],
  ['with Windows line ends', (literal) => `A = 1\r\nX = ${literal}  # c\r\nB = 2\r\n`],
  ['behind characters of several bytes', (literal) => `# Größe 🌙\nE = "é"; X = ${literal}  # ß\n`],
  ['behind a byte order mark', (literal) => `\uFEFFX = ${literal}\n`],
  ['between knobs of the same text', (literal) => `A = ${literal}\nX = ${literal}\nB = ${literal}\n`],
];

/** Where the one literal of X stands in a source. */
function spanOfX(source: string, literal: string): readonly [number, number] {
  const start = source.indexOf(literal, /\bX\b/.exec(source)?.index);
  return [start, start + literal.length];
}

describe.each(surroundings)('an edit of a literal %s', (_, wrap) => {
  it('changes its bytes and no others, whatever the literal, and Python reads the new value', async () => {
    const sources = Object.fromEntries(literals.map(([literal], index) => [`f${index}.py`, wrap(literal)]));
    const knobs = await read(sources);
    const edited: Record<string, string> = {};
    const expected: Record<string, KnobValue> = {};
    for (const [index, [literal, ...changes]] of literals.entries()) {
      const file = `f${index}.py`;
      const source = sources[file] ?? '';
      const [start, end] = spanOfX(source, literal);
      for (const [number, [to, text]] of changes.entries()) {
        const edit = { kind: 'set-knob' as const, file, knob: 'X', to: to as number };
        const patch = applyEdits({ files: sources, knobs }, [edit]);
        const result = patch.kind === 'patched' ? patch.files[file] : patch.reason;
        expect(result, `${literal} to ${text}`).toBe(source.slice(0, start) + text + source.slice(end));
        edited[`${index}-${number}.py`] = result ?? '';
        expected[`${index}-${number}.py`] = to;
      }
    }
    const again = await read(edited);
    const values = Object.fromEntries(again.flatMap(({ name, file, value }) => (name === 'X' ? [[file, value]] : [])));
    expect(values).toEqual(expected);
    // Nothing but X has another value, and X is still of its type.
    for (const knob of again) {
      const before = knobs.find(({ file, name }) => file === `f${knob.file.split('-')[0]}.py` && name === knob.name);
      expect(knob.type).toBe(before?.type);
      if (knob.name !== 'X') expect(knob.value).toEqual(before?.value);
    }
  });
});

it('several knobs are set at once, each at its own place', async () => {
  const source = 'A = 1; B = 1\nC: int = 1  # 1\nBETAS = (1, 1)\nD = "1"\n';
  const knobs = await read({ 'train.py': source });
  const edits = [
    ['D', '2'],
    ['A', 10_000],
    ['BETAS', [1, 22]],
    ['C', 3],
    ['B', -4],
  ] as const;
  const patch = applyEdits(
    { files: { 'train.py': source }, knobs },
    edits.map(([knob, to]) => ({
      kind: 'set-knob',
      file: 'train.py',
      knob,
      to: typeof to === 'object' ? [...to] : to,
    })),
  );
  const text = 'A = 10000; B = -4\nC: int = 3  # 1\nBETAS = (1, 22)\nD = "2"\n';
  expect(patch).toEqual({ kind: 'patched', files: { 'train.py': text } });
});

describe('an annotation is what a comment behind the value says after `space:`', () => {
  it.each([
    ['LR = 0.1  # space: log 1e-4..1e-1', 'log 1e-4..1e-1'],
    ['LR = 0.1  # step size; space: log 1e-4..1e-1  ', 'log 1e-4..1e-1'],
    ['LR: float = (0.1)# space:0..1', '0..1'],
    ['X = 1; LR = 0.1;  # space: 0..1', '0..1'],
    ['LR = 0.1  # a; b; space: choice 0.1, 0.2', 'choice 0.1, 0.2'],
    ['LR = 0.1  # ü; space: 0..1\r\nX = 1\r\n', '0..1'],
    ['LR = (\n    0.1\n)  # space: 0..1', '0..1'],
  ])('%j', async (source, annotation) => {
    expect((await read({ 'train.py': source })).find(({ name }) => name === 'LR')).toMatchObject({ annotation });
  });

  it.each([
    ['none', 'LR = 0.1  # 0.01 to 3, log scale'],
    ['prose', 'LR = 0.1  # width of the latent space: 64'],
    ['an empty one', 'LR = 0.1  # space:'],
    ['a text', 'LR = "# space: choice a, b"'],
    ['one of the next line', 'LR = 0.1\n# space: 0..1'],
    ['one behind another statement', 'LR = 0.1; X = 1  # space: 0..1'],
    ['one inside a comment of another kind', 'LR = 0.1  # searchspace: 0..1'],
  ])('and not %s', async (_, source) => {
    const knob = (await read({ 'train.py': source })).find(({ name }) => name === 'LR');
    expect(knob).toBeDefined();
    expect(knob).not.toHaveProperty('annotation');
  });
});
