import { expect, it } from 'vitest';
import { readEnvCommand } from '../../../src/adapters/run-folders/env-command.ts';

it.each([
  [['env', 'PYTHONPATH=src:/lib', 'python', '-m', 'pkg'], ['python', '-m', 'pkg'], { PYTHONPATH: '/run/src:/lib' }],
  [['env', 'A=1', 'B=x=y', './main'], ['./main'], { A: '1', B: 'x=y' }],
  [['PYTHONPATH=src', 'A=1', 'python', 'x.py'], ['python', 'x.py'], { PYTHONPATH: '/run/src', A: '1' }],
  [['python', 'train.py', 'A=1'], ['python', 'train.py', 'A=1'], {}],
  [['env', '-i', 'A=1', 'python'], ['env', '-i', 'A=1', 'python'], {}],
  [['env', 'A=1'], ['env', 'A=1'], {}],
  [['env', 'python', 'train.py'], ['env', 'python', 'train.py'], {}],
] as const)('%j is the command %j with variables', (argv, command, variables) => {
  expect(readEnvCommand([...argv], '/run')).toEqual({ command, variables });
});
