import { expect, it } from 'vitest';
import { unchosenFiles } from '../../../src/adapters/config-files/hydra-defaults.ts';
import { readConfig } from '../../../src/adapters/config-files/read-config.ts';

const read = (file: string, text: string) => {
  const reading = readConfig(file, text);
  return reading.kind === 'read' ? reading.documents : [];
};
const unchosen = (defaults: string, train = 'python train.py', more: Readonly<Record<string, string>> = {}) => {
  const files = {
    'conf/config.yaml': `defaults:\n${defaults}lr: 1\n`,
    'conf/optimizer/adam.yaml': 'lr: 1\n',
    'conf/optimizer/sgd.yaml': 'lr: 2\n',
    'conf/model/net/small.yaml': 'w: 1\n',
    ...more,
  };
  const configs = Object.fromEntries(Object.entries(files).map(([file, text]) => [file, read(file, text)]));
  return Object.keys(unchosenFiles(configs, train.split(' ')));
};

const sgd = 'conf/optimizer/sgd.yaml';
const adam = 'conf/optimizer/adam.yaml';
it.each<[string, string, string | undefined, string[]]>([
  ['a choice', '  - optimizer: adam\n  - _self_\n', undefined, [sgd]],
  ['a choice by its file', '  - optimizer: adam.yaml\n', undefined, [sgd]],
  ['an override', '  - override /optimizer: sgd\n', undefined, [adam]],
  ['a package', '  - optimizer@opt: sgd\n', undefined, [adam]],
  ['several of a group', '  - optimizer: [adam, sgd]\n', undefined, []],
  ['a nested group', '  - model/net: large\n', undefined, ['conf/model/net/small.yaml']],
  ['no such group', '  - data: x\n', undefined, []],
  ['a missing choice', '  - optimizer: ???\n  - model/net: null\n', undefined, []],
  // biome-ignore lint/suspicious/noTemplateCurlyInString: OmegaConf's interpolation
  ['an interpolation', "  - optimizer: '${x}'\n", undefined, []],
  ['the command line', '  - optimizer: adam\n', 'python train.py optimizer=sgd', [adam]],
  ['another value of the command line', '  - optimizer: adam\n', 'python train.py optimizer.lr=2', [sgd]],
])('%s', (_, defaults, train, expected) => {
  expect(unchosen(defaults, train)).toEqual(expected);
});

it('a file that one of several configurations chooses is not held still', () => {
  expect(unchosen('  - optimizer: adam\n', undefined, { 'conf/b.yaml': 'defaults: [{optimizer: sgd}]\n' })).toEqual([]);
});
