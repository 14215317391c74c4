import { expect, it } from 'vitest';
import type { Knob } from '../../../src/core/space/knob.ts';
import { markSetByTrain } from '../../../src/core/space/set-by-train.ts';

const at = (form: Knob['form'], name: string, file: string): Knob => ({
  name,
  file,
  type: 'float',
  value: 0.1,
  text: '0.1',
  span: [0, 3],
  ...(form !== undefined && { form }),
});

const knobs = [
  at('config', 'optimizer.lr', 'conf/config.yaml'),
  at('config', 'lr', 'conf/optimizer/adam.yaml'),
  at('config', 'model.drop', 'conf/config.yaml'),
  at('config', 'optimizer.wd', 'conf/config.yaml'),
  at('config', 'other.wd', 'conf/config.yaml'),
  at('flag', 'weight_decay', 'train.py'),
  at('field', 'Config.drop', 'train.py'),
  at('variable', 'WIDTH', 'train.py'),
  at(undefined, 'LR', 'train.py'),
  at('declared', 'lr', 'knobs.json'),
];

it.each<[string, string[]]>([
  ['python train.py', []],
  ['python train.py optimizer.lr=0.1', ['optimizer.lr', 'lr']],
  ['python train.py +optimizer.lr=0.1', ['optimizer.lr', 'lr']],
  ['python train.py --optimizer.lr 0.1', ['optimizer.lr', 'lr']],
  ['python train.py --config conf/config.yaml --lr 0.1', ['lr']],
  ['python train.py --drop=0.2', []],
  ['python train.py model.drop=0.2', ['model.drop']],
  ['python train.py --wd 0.1', []],
  ['python train.py --weight-decay=0.1', ['weight_decay']],
  ['python train.py --weight_decay 0.1', ['weight_decay']],
  ['env WIDTH=8 python train.py', ['WIDTH']],
  ['python train.py LR=1', []],
  ['python train.py optimizer=sgd', []],
])('`%s` sets %j', (train, expected) => {
  const still = markSetByTrain(knobs, train.split(' ')).filter((knob) => knob.still !== undefined);
  expect(still.map(({ name }) => name)).toEqual(expected);
  for (const knob of still) expect(knob.still).toBe('`train:` sets it');
});

it('an earlier reason stays', () => {
  const marked = markSetByTrain([{ ...at('flag', 'lr', 'train.py'), still: 'no' }], ['python', '--lr', '1']);
  expect(marked[0]?.still).toBe('no');
});

it('a command within a shell sets what it sets', () => {
  const train = ['sh', '-c', "cd src && python train.py 'model.drop=0.2' --weight-decay 0.1"];
  const still = markSetByTrain(knobs, train).filter((knob) => knob.still !== undefined);
  expect(still.map(({ name }) => name)).toEqual(['model.drop', 'weight_decay']);
});
