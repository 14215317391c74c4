import { expect, it } from 'vitest';
import { openKnobReader } from '../../src/adapters/knob-reader/knob-reader.ts';

const reader = openKnobReader({
  interpreter: 'python3',
  brief: { train: ['python', 'train.py', 'optimizer.wd=0.1'], knobs: {} },
});

it('every language has its reader, and knobs come in the order of the files', async () => {
  const reading = await reader.read({
    'conf/a.yaml': 'optimizer:\n  lr: 0.1\n  wd: 0.2\n',
    'train.py': 'LR = 0.1\n',
    'b.json': '{"n": 1}',
    'main.c': 'int LR = 1;\n',
    'c.toml': 'x = 2\n',
  });
  expect(reading.kind === 'read' && reading.knobs.map(({ name, file, still }) => [name, file, still])).toEqual([
    ['optimizer.lr', 'conf/a.yaml', undefined],
    ['optimizer.wd', 'conf/a.yaml', '`train:` sets it'],
    ['LR', 'train.py', undefined],
    ['n', 'b.json', undefined],
    ['x', 'c.toml', undefined],
  ]);
});

it('a configuration file that does not parse is named with its line', async () => {
  const reading = await reader.read({ 'train.py': 'LR = 0.1\n', 'a.yaml': 'a: 1\nb: c: d\n' });
  expect(reading).toMatchObject({ kind: 'unreadable', reason: expect.stringMatching(/^a\.yaml line 2: /) });
});

it('a flag that gets the value of a declared knob is still', async () => {
  const brief = { train: ['python', 'train.py', '--lr', '{lr}'], knobs: { lr: '1 in log 0.1..10' } };
  const reading = await openKnobReader({ interpreter: 'python3', brief }).read({
    'train.py':
      'import argparse\np = argparse.ArgumentParser()\np.add_argument("--lr", type=float, default=0.3)\n' +
      'p.add_argument("--wd", type=float, default=0.1)\na = p.parse_args()\nprint(a.lr, a.wd)\n',
    'knobs.json': '{"lr": 1, "wd": 2}',
  });
  expect(reading.kind === 'read' && reading.knobs.map(({ name, form, still }) => [name, form, still])).toEqual([
    ['lr', 'flag', '`train:` sets it'],
    ['wd', 'flag', undefined],
    ['lr', 'declared', undefined],
    ['wd', 'config', undefined],
  ]);
  expect(reading.kind === 'read' && reading.knobs[2]).toMatchObject({ type: 'float', annotation: 'log 0.1..10' });
});

it('no Python is started where no file is in Python', async () => {
  const without = openKnobReader({ interpreter: '/no/such/python', brief: { train: ['./main'], knobs: {} } });
  expect(await without.read({ 'a.json': '{"n": 1}' })).toMatchObject({ kind: 'read', knobs: [{ name: 'n' }] });
});
