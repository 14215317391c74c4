import { expect, test } from 'vitest';
import { readArgv } from '../../../../src/core/journal/settings/argv.ts';

test.each<[command: string, argv: string[]]>([
  ['python train.py', ['python', 'train.py']],
  ['  python \t train.py\n', ['python', 'train.py']],
  [`python 'a b.py' "c d"`, ['python', 'a b.py', 'c d']],
  [`python --name="x y"'z'`, ['python', '--name=x yz']],
  [String.raw`python a\ b "q\"r" '\n' \$HOME "\$x" "\n"`, ['python', 'a b', 'q"r', '\\n', '$HOME', '$x', '\\n']],
  [`run '' "" '$HOME * | ;'`, ['run', '', '', '$HOME * | ;']],
  [`run "a|b" "x > y"`, ['run', 'a|b', 'x > y']],
  ['run --layers=[1,2] {} a~b', ['run', '--layers=[1,2]', '{}', 'a~b']],
  ['run LR=1', ['run', 'LR=1']],
])('%j is split by the quoting rules of a shell', (command, argv) => {
  expect(readArgv(command)).toEqual({ kind: 'read', value: argv });
});

test('a list of strings is taken as it is', () => {
  expect(readArgv(['sh', '-c', 'a && b > $x'])).toEqual({ kind: 'read', value: ['sh', '-c', 'a && b > $x'] });
});

test.each([
  ['a && b', '&&'],
  ['a || b', '||'],
  ['a | b', '|'],
  ['a > log', '>'],
  ['a 2>&1', '>'],
  ['a < in', '<'],
  ['a; b', ';'],
  ['a &', '&'],
  ['a $HOME/x', '$HOME'],
  ['a "$HOME"', '$HOME'],
  ['a "x `b`"', '`'],
  ['a $(b)', '$'],
  ['a `b`', '`'],
  ['a *.py', '*'],
  ['a ?.py', '?'],
  ['a ~/x', '~'],
  ['a\nb', '\n'],
  ['LR=1 python train.py', 'LR=1'],
])('%j needs a shell, because of %j', (command, found) => {
  expect(readArgv(command)).toMatchObject({ expected: 'one command as argv, which no shell reads', found });
});

test.each([
  ['', 'a command such as `python train.py`'],
  ['""', 'a command such as `python train.py`'],
  [[], 'a command such as `python train.py`'],
  [['', 'x'], 'a command such as `python train.py`'],
  [null, 'a command such as `python train.py`'],
  [5, 'a command such as `python train.py`'],
  ['a "b', 'a command with every quote closed'],
  ["a 'b", 'a command with every quote closed'],
  ['a b\\', 'a command that does not end in a backslash'],
  [['a', 5], 'a list of strings'],
  [['a', 'b\0'], 'a command without NUL characters'],
])('%j is not a command', (raw, expected) => {
  expect(readArgv(raw)).toMatchObject({ kind: 'refused', expected });
});
