import { type LibraryTable, leftParams } from './library-table.ts';

const share = { ranges: ['float 0.3..1'], legal: [0.01, 1] } as const;
const penalty = { ranges: ['0 or log 1e-6..100'], legal: [0, null] } as const;
const rate = { ranges: ['log 0.001..1'], legal: [0, null] } as const;
const leafSize = { ranges: ['int log 1..500'], legal: [0, null] } as const;
const hessian = { ranges: ['0 or log 1e-5..100'], legal: [0, null] } as const;
const gain = { ranges: ['0 or log 1e-4..10'], legal: [0, null] } as const;
const bins = { ranges: ['int log 16..1024'], legal: [2, null] } as const;
const boosting = 'choice gbdt, dart, goss';
const rounds = { ranges: ['int log 20..2000'], legal: [1, null] } as const;

/** Parameters of LightGBM, under the names of the estimators and of `train`. */
export const lightgbm: LibraryTable = {
  library: 'LightGBM',
  version: '4.7.0',
  source: 'https://lightgbm.readthedocs.io/en/stable/Parameters.html',
  groups: [
    {
      of: 'lightgbm\\.(?:.*\\.)?(?:LGBM\\w+|train|cv)',
      params: {
        boosting,
        boosting_type: boosting,
        learning_rate: rate,
        eta: rate,
        num_leaves: { ranges: ['int log 4..1024'], legal: [2, 131_072] },
        max_depth: { ranges: ['int 2..16', 'choice -1, 3, 4, 5, 6, 8, 10, 12, 16'] },
        min_child_samples: leafSize,
        min_data_in_leaf: leafSize,
        min_child_weight: hessian,
        min_sum_hessian_in_leaf: hessian,
        subsample: share,
        bagging_fraction: share,
        subsample_freq: { ranges: ['int 0..10'], legal: [0, null] },
        bagging_freq: { ranges: ['int 0..10'], legal: [0, null] },
        colsample_bytree: share,
        feature_fraction: share,
        feature_fraction_bynode: share,
        reg_alpha: penalty,
        lambda_l1: penalty,
        reg_lambda: penalty,
        lambda_l2: penalty,
        min_split_gain: gain,
        min_gain_to_split: gain,
        max_bin: bins,
        path_smooth: { ranges: ['0 or log 0.01..100'], legal: [0, null] },
        drop_rate: { ranges: ['float 0..0.5'], legal: [0, 1] },
        skip_drop: { ranges: ['float 0..1'], legal: [0, 1] },
        cat_smooth: { ranges: ['0 or log 0.1..100'], legal: [0, null] },
        cat_l2: { ranges: ['0 or log 0.1..100'], legal: [0, null] },
        scale_pos_weight: { ranges: ['log 0.01..100'], legal: [0.000_001, null] },
        n_estimators: rounds,
        num_iterations: rounds,
        num_boost_round: rounds,
        data_sample_strategy: 'choice bagging, goss',
        extra_trees: 'bool',
        linear_tree: 'bool',
        ...leftParams('objective metric num_class is_unbalance', 'the problem sets it'),
        ...leftParams(
          'n_jobs num_threads nthread device device_type random_state seed bagging_seed feature_fraction_seed data_random_seed verbose verbosity verbose_eval force_col_wise force_row_wise deterministic importance_type',
          'no part of the method',
        ),
        ...leftParams('early_stopping_rounds early_stopping_round', 'it is no value to search'),
      },
    },
    { of: 'lightgbm\\.(?:Dataset|early_stopping|log_evaluation)', params: {}, othersLeft: 'it trains nothing' },
  ],
};
