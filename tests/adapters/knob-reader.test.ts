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

it('no Python is started where no file is in Python', async () => {
  const without = openKnobReader({ interpreter: '/no/such/python', brief: { train: ['./main'], knobs: {} } });
  expect(await without.read({ 'a.json': '{"n": 1}' })).toMatchObject({ kind: 'read', knobs: [{ name: 'n' }] });
});
