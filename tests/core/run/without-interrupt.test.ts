import { expect, it } from 'vitest';
import { withoutInterrupt } from '../../../src/core/run/without-interrupt.ts';

const traceback = [
  'Traceback (most recent call last):',
  '  File "train.py", line 9, in <module>',
  '    val_loss = evaluate(model)',
  '               ^^^^^^^^^^^^^^^',
];

it('the traceback of the interrupt is left out, with the lines of source in it', () => {
  expect(withoutInterrupt(['val_loss: 0.5', ...traceback, 'KeyboardInterrupt', ''].join('\n'))).toBe('val_loss: 0.5\n');
});

it.each([
  ['the interrupt of a worker', 'KeyboardInterrupt: '],
  ['one with a module', 'zmq.KeyboardInterrupt'],
])('so is %s, wherever it stands', (_, last) => {
  const log = ['val_loss: 0.5', ...traceback, last, 'saved', ''].join('\n');
  expect(withoutInterrupt(log)).toBe('val_loss: 0.5\nsaved\n');
});

it('the traceback of another error stays', () => {
  const log = ['val_loss: 0.5', ...traceback, 'ValueError: no', ''].join('\n');
  expect(withoutInterrupt(log)).toBe(log);
});

it('a last line that was cut off is left out, since half a number reads like a number', () => {
  expect(withoutInterrupt('val_loss: 0.5\nval_loss: 0.4')).toBe('val_loss: 0.5\n');
});

it('a progress bar that rewrites its line is not cut off', () => {
  expect(withoutInterrupt('10% val_loss: 0.5\r20% val_loss: 0.4\r30% val_l')).toBe(
    '10% val_loss: 0.5\r20% val_loss: 0.4\r',
  );
});

it('an empty log stays empty', () => {
  expect(withoutInterrupt('')).toBe('');
});
