import { expect, test } from 'vitest';
import { printsHeldOut } from '../../../src/core/draft/held-out.ts';

const of = (files: Readonly<Record<string, string>>) =>
  printsHeldOut(
    Object.keys(files)[0] ?? '',
    Object.entries(files).map(([path, text]) => ({ path, text })),
  );

test.each([
  ['words in a text with values', `    print(f"step {step} train loss: {a} test loss: {b}")\n`],
  ['a name', `print('val_loss=%.4f' % loss)\n`],
  ['a logger', `logger.info("Validation accuracy: %s", acc)\n`],
  ['a text on a line of its own', `print(\n    f"epoch {e} | val loss {v:.3f}",\n)\n`],
  ['a dict', `print({"epoch": 1, "val_loss": loss})\n`],
  ['a mean', `print("Test set average loss: {:.4f}".format(loss))\n`],
])('%s is a held-out score that is printed', (_, text) => {
  expect(of({ 'train.py': text })).toBe('train.py');
});

test.each([
  ['a training loss', `print(f"step {step} loss {loss}")\n`],
  ['a name that is not printed', `writer.add_scalar("Loss/test", test_loss, step)\nval_loss = evaluate()\n`],
  ['the help of a flag', `p.add_argument("--n", help=f"batches for the val loss: {n}")\n`],
  ['a comment', `# print(f"val loss {x}")\n`],
  ['a key', `metrics = {"val_loss": 1}\n`],
  ['a file name', `print(f"reading the test data: {path}")\n`],
])('%s is none', (_, text) => {
  expect(of({ 'train.py': text })).toBeUndefined();
});

test.each([
  ['beside it', { 'main.py': 'from loop import train\n', 'loop.py': `print(f"val loss {v}")\n` }, 'loop.py'],
  ['of a package', { 'main.py': 'import pkg.loop\n', 'pkg/loop.py': `print(f"val loss {v}")\n` }, 'pkg/loop.py'],
  [
    'by a leading dot',
    { 'pkg/main.py': 'from . import loop\n', 'pkg/loop.py': `print(f"val loss {v}")\n` },
    'pkg/loop.py',
  ],
  ['behind another', { 'main.py': 'import a\n', 'a.py': 'import b\n', 'b.py': `print(f"val loss {v}")\n` }, 'b.py'],
  ['that nothing imports', { 'main.py': 'import a\n', 'other.py': `print(f"val loss {v}")\n` }, undefined],
])('a module %s counts as the script does', (_, files, expected) => {
  expect(of(files)).toBe(expected);
});
