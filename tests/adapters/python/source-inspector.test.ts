import { expect, test } from 'vitest';
import { createSourceInspector } from '../../../src/adapters/python/source-inspector.ts';
import { compareForms } from '../../../src/core/proposal/trivial-change.ts';
import { memoised } from '../../helpers/memoised.ts';

const inspect = createSourceInspector('python3');

const source = `"""Doc."""
import numpy as np
import prepare
LR = 0.1  # rate
SEED = 42


def main():
    """Trains."""
    rng = np.random.default_rng(SEED)
    total = 0
    for step in range(10):
        total += LR * rng.normal()
    return total
`;

const ownForms = memoised(() => inspect({ 'train.py': source }));

/** Compares a file with the source. */
async function compare(after: string) {
  const [own, edited] = await Promise.all([ownForms(), inspect({ 'train.py': after })]);
  if (own.kind !== 'read' || edited.kind !== 'read') throw new Error('it does not compile');
  return compareForms(own.forms, edited.forms);
}

test.each([
  ['a comment', source.replace('# rate', '# the rate, tuned'), 'same'],
  [
    'blank lines and trailing blanks',
    source.replace('\n\n\ndef', '\n\n\n\ndef').replace('total = 0', 'total = 0   '),
    'same',
  ],
  ['a docstring', source.replace('"""Trains."""', '"""Trains it well."""'), 'same'],
  ['the spelling of a number', source.replace('LR = 0.1', 'LR = 1e-1'), 'same'],
  ['parentheses and quotes', source.replace('LR * rng', '(LR) * rng'), 'same'],
  ['a renamed variable', source.replaceAll('total', 'running_sum'), 'same'],
  ['a renamed knob', source.replaceAll('LR', 'LEARNING_RATE'), 'same'],
  ['a seed constant', source.replace('SEED = 42', 'SEED = 137'), 'seed-only'],
  ['a seed given to a generator', source.replace('default_rng(SEED)', 'default_rng(SEED + 7)'), 'seed-only'],
  [
    'one more call that sets a seed',
    source.replace('    total = 0', '    np.random.seed(3)\n    total = 0'),
    'seed-only',
  ],
  ['a value', source.replace('LR = 0.1', 'LR = 0.2'), 'different'],
  ['a seed and a value', source.replace('SEED = 42', 'SEED = 1').replace('range(10)', 'range(11)'), 'different'],
  ['an operator', source.replace('total +=', 'total -='), 'different'],
  ['two names exchanged in one place', source.replace('LR * rng.normal()', 'rng.normal() * LR'), 'different'],
  ['an attribute', source.replace('rng.normal', 'rng.uniform'), 'different'],
  ['an int that becomes a float', source.replace('total = 0', 'total = 0.0'), 'different'],
])('a change of %s', async (_, after, expected) => {
  expect(await compare(after)).toBe(expected);
});

test.each([
  ['a flag', 'p.add_argument("--seed", "-s", type=int, default=1, help="x")'],
  ['a flag of click', '@click.option("--random-seed", default=1)\ndef f(): pass'],
  ['a flag of absl', 'flags.DEFINE_integer("seed", 1, "x")'],
  ['a variable', 'x = int(os.environ.get("SEED", "1"))'],
  ['an entry', 'params = {"random_state": 1, "lr": 0.3}'],
  ['a keyword', 'f(random_state=1, lr=0.3)'],
  ['a field', 'class C:\n    seed: int = 1'],
  ['a parameter', 'def f(x, seed=1, *, k=3): pass'],
])('the seed of %s is as good as any other, and its other values are not', async (_, text) => {
  const files = [text, text.replace('1', '7'), text.replace('3', '9')];
  const [own, seeded, other] = await Promise.all(files.map((file) => inspect({ 'train.py': file })));
  if (own?.kind !== 'read' || seeded?.kind !== 'read' || other?.kind !== 'read') throw new Error('it does not compile');
  expect(compareForms(own.forms, seeded.forms)).toBe('seed-only');
  if (text !== files[2]) expect(compareForms(own.forms, other.forms)).not.toBe('seed-only');
});

test('a file that does not compile is named with its line', async () => {
  expect(await inspect({ 'train.py': 'x = 1\nreturn x\n' })).toMatchObject({
    kind: 'broken',
    file: 'train.py',
    line: 2,
  });
  expect(await inspect({ 'train.py': 'x = (\n' })).toMatchObject({ kind: 'broken', file: 'train.py' });
});

test('nothing of the source is executed', async () => {
  expect(await inspect({ 'train.py': 'raise SystemExit(3)\n' })).toMatchObject({ kind: 'read' });
});

test('source too deep for the parser is broken, not a crash of ours', async () => {
  expect(await inspect({ 'train.py': `x = ${'('.repeat(5000)}1${')'.repeat(5000)}\n` })).toMatchObject({
    kind: 'broken',
  });
});

test('a file in another language is the same when only trailing blanks differ', async () => {
  const [a, b] = await Promise.all([inspect({ 'a.yaml': 'x: 1 \n' }), inspect({ 'a.yaml': 'x: 1\n' })]);
  expect(a).toEqual(b);
});

test('a byte order mark is no part of the code', async () => {
  expect(await compare(`\uFEFF${source}`)).toBe('same');
});

test.each([
  ['src/matmul.c', '#define KC 256\n', '#define KC 128\n'],
  ['kernel.cu', '// tile\n#define TILE 16\n', '// tile\n#define TILE 32\n'],
  ['train.jl', 'lr = 0.1\n', 'lr = 0.2\n'],
  ['run.sh', 'LR=1\n', 'LR=2\n'],
])('a change of %s is a change, whatever its language', async (file, before, after) => {
  const [old, edited] = [await inspect({ [file]: before }), await inspect({ [file]: after })];
  if (old.kind === 'broken' || edited.kind === 'broken') throw new Error('it was read as Python');
  expect(compareForms(old.forms, edited.forms)).toBe('different');
  expect(compareForms(old.forms, old.forms)).toBe('same');
});
