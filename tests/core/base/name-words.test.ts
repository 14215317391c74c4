import { expect, it } from 'vitest';
import { nameWords } from '../../../src/core/base/name-words.ts';

it.each([
  ['LEARNING_RATE', ['LEARNING', 'RATE']],
  ['ADAM_BETA1', ['ADAM', 'BETA1']],
  ['H100BF16_FLOPS', ['H100BF16', 'FLOPS']],
  ['weight-decay', ['WEIGHT', 'DECAY']],
  ['Config.weight_decay', ['CONFIG', 'WEIGHT', 'DECAY']],
  ['colsampleBytree', ['COLSAMPLE', 'BYTREE']],
  ['XGBClassifier.max_depth', ['XGB', 'CLASSIFIER', 'MAX', 'DEPTH']],
  ['layer2Size', ['LAYER2', 'SIZE']],
  ['params.lr[2]', ['PARAMS', 'LR', '2']],
  ['', []],
])('the words of %s', (name, words) => {
  expect(nameWords(name)).toEqual(words);
});
