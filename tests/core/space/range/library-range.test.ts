import { describe, expect, test } from 'vitest';
import { deriveFor } from '../../../../src/core/space/range/derive-range.ts';
import { knownByName } from '../../../../src/core/space/range/libraries/by-name.ts';
import { libraries } from '../../../../src/core/space/range/library-range.ts';
import { formatRange, readRange } from '../../../../src/core/space/range/parse-range.ts';
import { knob } from '../../../helpers/knob.ts';

function told(of: string, line: string): string {
  const derived = deriveFor({ ...knob(line), form: 'argument', of });
  return 'range' in derived ? formatRange(derived.range) : derived.why;
}

test.each([
  ['xgboost.XGBClassifier', 'XGBClassifier.subsample = 0.8', 'float 0.3..1'],
  ['xgboost.XGBClassifier', 'XGBClassifier.reg_lambda = 1', '0 or log 1e-4..1000'],
  ['xgboost.train', 'params.eta = 0.3', 'log 0.001..1'],
  ['xgboost.XGBClassifier', 'XGBClassifier.n_jobs = 4', 'no part of the method'],
  ['xgboost.XGBRegressor', 'XGBRegressor.booster = "gbtree"', 'choice gbtree, dart, gblinear'],
  ['lightgbm.LGBMRegressor', 'LGBMRegressor.boosting_type = "gbdt"', 'choice gbdt, dart, goss'],
  ['lightgbm.train', 'params.max_depth = -1', 'choice -1, 3, 4, 5, 6, 8, 10, 12, 16'],
  ['lightgbm.train', 'params.max_depth = 20', 'int 2..20'],
  ['lightgbm.train', 'params.lambda_l1 = 0.0', '0 or log 1e-6..100'],
  ['catboost.CatBoostClassifier', 'CatBoostClassifier.l2_leaf_reg = 3', '0 or log 0.01..100'],
  ['sklearn.svm.SVC', 'SVC.C = 1.0', 'log 1e-4..10000'],
  ['sklearn.svm.SVC', 'SVC.gamma = "scale"', 'choice scale, auto'],
  ['sklearn.linear_model.Ridge', 'Ridge.alpha = 1.0', '0 or log 1e-6..1000'],
  ['sklearn.ensemble.RandomForestClassifier', 'RandomForestClassifier.max_features = "sqrt"', 'choice sqrt, log2'],
  ['sklearn.ensemble.RandomForestClassifier', 'RandomForestClassifier.max_features = 0.5', 'float 0.05..1'],
  [
    'sklearn.ensemble.RandomForestClassifier',
    'RandomForestClassifier.criterion = "gini"',
    'choice gini, entropy, log_loss',
  ],
  [
    'sklearn.model_selection.train_test_split',
    'train_test_split.test_size = 0.2',
    'the data, its split or its grading, no part of the method',
  ],
  ['torch.nn.Dropout', 'Dropout.p = 0.1', 'float 0..0.7'],
  ['torch.nn.Linear', 'Linear.out_features = 128', 'the layers beside it must match it'],
  ['torch.optim.AdamW', 'AdamW.lr = 3e-4', 'log 1e-5..0.009'],
  ['torch.optim.AdamW', 'AdamW.fused = True', 'no part of the method'],
  ['torch.optim.lr_scheduler.StepLR', 'StepLR.gamma = 0.1', 'log 0.01..1'],
  ['torch.utils.data.DataLoader', 'DataLoader.batch_size = 64', 'pow2 1..4096'],
  ['torch.utils.data.DataLoader', 'DataLoader.num_workers = 4', 'it only changes how the data are read'],
  [
    'tensorflow.keras.layers.Dense',
    'Dense.activation = "relu"',
    'choice relu, gelu, silu, elu, selu, tanh, leaky_relu',
  ],
  ['tensorflow.keras.layers.Dense', 'Dense.activation = "softmax"', 'a text needs a `choice`'],
  ['transformers.TrainingArguments', 'TrainingArguments.learning_rate = 5e-5', 'log 1.7e-6..0.0015'],
  ['transformers.TrainingArguments', 'TrainingArguments.eval_steps = 100', 'no part of the method'],
  ['peft.LoraConfig', 'LoraConfig.r = 16', 'pow2 1..128'],
])('%s, %s: %s', (of, line, range) => {
  expect(told(of, line)).toBe(range);
});

test.each([
  ['XGB_NUM_LEAVES = 31', 'int log 4..1024'],
  ['params.boosting = "dart"', 'choice gbdt, dart, goss'],
  ['minChildWeight = 1', '0 or log 0.01..100'],
  ['XGB_PARAMS.gamma = 0.0', '0 or log 0.001..100'],
  ['lgbm.lambda_l1 = 0.0', '0 or log 1e-6..100'],
  ['BOOSTING = "mine"', 'a text needs a `choice`'],
])('a name that says its library: %s: %s', (line, range) => {
  const derived = deriveFor(knob(line));
  expect('range' in derived ? formatRange(derived.range) : derived.why).toBe(range);
});

test('a value beyond the usual range widens it, as far as the library allows', () => {
  expect(told('xgboost.train', 'params.max_depth = 30')).toBe('int 1..30');
  expect(told('sklearn.svm.SVC', 'SVC.C = 50000.0')).toBe('log 1e-4..500000');
  expect(told('xgboost.train', 'params.subsample = 0.1')).toBe('float 0.1..1');
  expect(told('sklearn.ensemble.RandomForestClassifier', 'RandomForestClassifier.max_features = 20')).toBe(
    'int log 2..160',
  );
  expect(told('xgboost.train', 'params.subsample = 1.5')).toBe('the library takes no such value');
});

test('every range of the tables can be read, and every library has its version and source', () => {
  for (const { library, version, source, groups } of [...libraries, knownByName]) {
    expect([library, version, source].every((text) => text.length > 3)).toBe(true);
    for (const [name, param] of groups.flatMap(({ params }) => Object.entries(params))) {
      const ranges = typeof param === 'string' ? [param] : 'left' in param ? [] : param.ranges;
      for (const text of ranges) expect([name, text, readRange(text).kind]).toEqual([name, text, 'read']);
    }
  }
});

describe("LightGBM's goss, which refuses bagging", () => {
  const rangeOf = (...lines: readonly string[]) => {
    const [own, ...others] = lines.map((line) => knob(line));
    if (own === undefined) throw new Error('a knob');
    const derived = deriveFor(own, [own, ...others]);
    return 'range' in derived ? formatRange(derived.range) : derived.why;
  };

  test.each([
    ['params.boosting_type = "gbdt"', 'params.bagging_freq = 5'],
    ['params.boosting = "gbdt"', 'params.bagging_fraction = 0.8'],
    ['LGBMClassifier.boosting_type = "gbdt"', 'LGBMClassifier.subsample = 0.8'],
    ['lgb.boosting = "dart"', 'lgb.subsample_freq = 1'],
  ])('%s beside %s is not searched', (boosting, bagging) => {
    expect(rangeOf(boosting, bagging)).toBe('choice gbdt, dart');
  });

  test.each([
    ['params.boosting_type = "gbdt"', 'params.num_leaves = 31'],
    ['params.boosting_type = "gbdt"', 'other.bagging_freq = 5'],
    ['params.boosting_type = "goss"', 'params.bagging_freq = 0'],
  ])('%s beside %s is', (boosting, other) => {
    expect(rangeOf(boosting, other)).toBe('choice gbdt, dart, goss');
  });
});

describe("LightGBM's share of the samples", () => {
  const rangeOf = (of: string, ...lines: readonly string[]) => {
    const [own, ...others] = lines.map((line) => ({ ...knob(line), of }));
    if (own === undefined) throw new Error('a knob');
    const derived = deriveFor(own, [own, ...others]);
    return 'range' in derived ? formatRange(derived.range) : derived.why;
  };
  const idle = (frequency: string) => `LightGBM draws no samples while ${frequency} is 0, its default`;

  test.each([
    [
      'lightgbm.LGBMRegressor',
      'LGBMRegressor.subsample = 0.8',
      'LGBMRegressor.num_leaves = 31',
      idle('subsample_freq'),
    ],
    ['lightgbm.train', 'params.bagging_fraction = 0.8', 'params.learning_rate = 0.1', idle('bagging_freq')],
    ['lightgbm.train', 'params.bagging_fraction = 0.8', 'params.bagging_freq = 0', 'float 0.3..1'],
    ['lightgbm.train', 'bagging_fraction = 0.8', 'params.subsample_freq = 5', 'float 0.3..1'],
    ['xgboost.XGBRegressor', 'XGBRegressor.subsample = 0.8', 'XGBRegressor.max_depth = 6', 'float 0.3..1'],
  ])('of %s: %s beside %s: %s', (of, own, other, told) => {
    expect(rangeOf(of, own, other)).toBe(told);
  });
});

test.each([
  ['knn_n_neighbors = 7', 'int log 1..64'],
  ['TREE_MAX_DEPTH = 6', 'int 1..16'],
  ['log_max_depth = 100', 'int 1..100'],
  ['FOREST_MAX_FEATURES = "sqrt"', 'choice sqrt, log2'],
  ['dt_min_samples_leaf = 2', 'int log 1..64'],
])('the name of a model before that of a parameter: %s is searched in %s', (line, range) => {
  const derived = deriveFor({ ...knob(line), form: 'flag' });
  expect('range' in derived ? formatRange(derived.range) : derived.why).toBe(range);
});

test.each(['log_interval = 10', 'LOG_EVERY = 5', 'log_max_lines = 100'])('%s is of a log, not of a model', (line) => {
  const derived = deriveFor({ ...knob(line), form: 'flag' });
  expect('why' in derived && derived.why).toContain('names no part of the method');
});
