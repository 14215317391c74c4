import { describe, expect, it, test } from 'vitest';
import type { EarlierExperiment } from '../../../../src/core/journal/earlier.ts';
import { createSettingsReader } from '../../../../src/core/space/trials/earlier-settings.ts';
import { earlierTrials } from '../../../../src/core/space/trials/earlier-trials.ts';
import { knob } from '../../../helpers/knob.ts';

const knobs = [
  'MATRIX_LR = 0.04',
  'DEPTH = 8',
  'TOTAL_BATCH_SIZE = 2**19',
  'WEIGHT_DECAY = 0.1',
  'ACTIVATION = "relu"',
  'TIED = True',
].map(knob);
const tried = (title: string, settings?: Readonly<Record<string, string>>): EarlierExperiment => ({
  title,
  status: 'discard',
  value: 1,
  ...(settings && { settings: { ...settings } }),
});
const said = (experiment: EarlierExperiment) =>
  createSettingsReader(knobs)(experiment).map(({ knob: { name }, to, from }) => [name, to, from]);

describe('what an earlier experiment set', () => {
  it.each([
    ['MATRIX_LR 0.04->0.06 (overshoot)', [['MATRIX_LR', 0.06, 0.04]]],
    ['increase matrix LR from 0.04 to 0.06', [['MATRIX_LR', 0.06, 0.04]]],
    ['matrix learning rate = 6e-2', [['MATRIX_LR', 0.06, undefined]]],
    [
      'reduce depth from 8 to 4, weight decay 0.2',
      [
        ['DEPTH', 4, 8],
        ['WEIGHT_DECAY', 0.2, undefined],
      ],
    ],
    ['double total batch size to 2^20', [['TOTAL_BATCH_SIZE', 2 ** 20, undefined]]],
    ['total_batch_size=65k', [['TOTAL_BATCH_SIZE', 65_000, undefined]]],
    [
      'ACTIVATION="gelu", TIED=False',
      [
        ['ACTIVATION', 'gelu', undefined],
        ['TIED', false, undefined],
      ],
    ],
    ['EMBEDDING_LR 0.6 -> 0.8', []],
    ['MY_DEPTH 3, DEPTHS 4, depth 4.5', []],
    ['SwiGLU in place of GELU', []],
  ])('is read from its words: %s', (title, settings) => {
    expect(said(tried(title))).toEqual(settings);
  });

  it('is read from its columns, which say more than words', () => {
    expect(said(tried('depth 12', { 'params.depth': '6', matrixLr: '0.05', note: 'x' }))).toEqual([
      ['MATRIX_LR', 0.05, undefined],
      ['DEPTH', 6, undefined],
    ]);
  });

  it('is left alone where two knobs end with the same name', () => {
    const alike = ['A.lr = 1', 'B.lr = 2'].map(knob);
    expect(createSettingsReader(alike)(tried('lr 3, a.lr = 4')).map(({ knob: { name } }) => name)).toEqual(['A.lr']);
  });
});

const experiment = (status: EarlierExperiment['status'], value: number | null, title: string): EarlierExperiment => ({
  status,
  value,
  title,
});
const night = {
  source: 'results.tsv',
  metric: 'val_bpb',
  goal: 'minimize' as const,
  experiments: [
    { ...experiment('keep', 1.0, 'start'), isBaseline: true },
    experiment('keep', 0.9, 'DEPTH 4->8'),
    experiment('discard', 0.95, 'MATRIX_LR 0.04 -> 0.08'),
    experiment('crash', null, 'DEPTH 8->64'),
    experiment('keep', 0.7, 'SwiGLU'),
    experiment('discard', 0.75, 'WEIGHT_DECAY 0.1 -> 0.2'),
  ],
};

test('scores lie as far from that of the study as they did there, without what a change of code gained', () => {
  const trials = earlierTrials(night, { knobs, goal: 'minimize', baseline: 3 });
  const shown = trials.map(({ values, scores }) => [
    values['train.py:DEPTH'],
    values['train.py:MATRIX_LR'],
    values['train.py:WEIGHT_DECAY'],
    scores.map((score) => Number(score.toFixed(6))),
  ]);
  // The keep with DEPTH 8 has all values of the study: its 0.9 is the study's 3.
  expect(shown).toEqual([
    [4, 0.04, 0.1, [3.1]],
    [8, 0.04, 0.1, [3]],
    [8, 0.08, 0.1, [3.05]],
    [64, 0.04, 0.1, []],
    [8, 0.04, 0.2, [3.05]],
  ]);
});

test('what is maximised is turned round', () => {
  const experiments = [experiment('keep', 0.5, 'start'), experiment('keep', 0.7, 'DEPTH 4->8')];
  const trials = earlierTrials(
    { ...night, goal: 'maximize', experiments },
    { knobs, goal: 'maximize', baseline: -0.6 },
  );
  expect(trials.map(({ scores }) => Number(scores[0]?.toFixed(6)))).toEqual([-0.4, -0.6]);
});

test.each([
  ['the goal is another one', night, 'maximize' as const],
  ['no experiment says what it set', { ...night, experiments: night.experiments.slice(0, 1) }, 'minimize' as const],
])('there are none where %s', (_, earlier, goal) => {
  expect(earlierTrials(earlier, { knobs, goal, baseline: 1 })).toEqual([]);
});
