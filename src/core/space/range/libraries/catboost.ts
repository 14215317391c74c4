import { type LibraryTable, leftParams } from './library-table.ts';

const rounds = { ranges: ['int log 20..2000'], legal: [1, null] } as const;
const penalty = { ranges: ['0 or log 0.01..100'], legal: [0, null] } as const;
const depth = { ranges: ['int 1..12'], legal: [1, 16] } as const;
const share = { ranges: ['float 0.3..1'], legal: [0.01, 1] } as const;
const bins = { ranges: ['int log 16..1024'], legal: [1, 65_535] } as const;

/** Parameters of CatBoost on a CPU. */
export const catboost: LibraryTable = {
  library: 'CatBoost',
  version: '1.2.10',
  source: 'https://catboost.ai/docs/en/references/training-parameters/',
  groups: [
    {
      of: 'catboost\\.(?:.*\\.)?(?:CatBoost\\w*|train|cv)',
      params: {
        learning_rate: { ranges: ['log 0.001..1'], legal: [0, 1] },
        eta: { ranges: ['log 0.001..1'], legal: [0, 1] },
        depth,
        max_depth: depth,
        l2_leaf_reg: penalty,
        reg_lambda: penalty,
        random_strength: penalty,
        bagging_temperature: { ranges: ['0 or log 0.05..10'], legal: [0, null] },
        border_count: bins,
        max_bin: bins,
        rsm: share,
        colsample_bylevel: share,
        subsample: share,
        iterations: rounds,
        n_estimators: rounds,
        num_boost_round: rounds,
        num_trees: rounds,
        leaf_estimation_iterations: { ranges: ['int 1..10'], legal: [1, null] },
        one_hot_max_size: { ranges: ['int 2..255'], legal: [2, 255] },
        min_data_in_leaf: { ranges: ['int log 1..500'], legal: [1, null] },
        bootstrap_type: 'choice Bayesian, Bernoulli, MVS',
        grow_policy: 'choice SymmetricTree, Depthwise, Lossguide',
        boosting_type: 'choice Ordered, Plain',
        leaf_estimation_method: 'choice Newton, Gradient',
        score_function: 'choice Cosine, L2',
        scale_pos_weight: { ranges: ['log 0.01..100'], legal: [0.000_001, null] },
        ...leftParams('loss_function eval_metric custom_metric classes_count', 'the problem sets it'),
        ...leftParams(
          'thread_count random_seed random_state verbose silent logging_level task_type devices train_dir allow_writing_files metric_period used_ram_limit save_snapshot',
          'no part of the method',
        ),
        ...leftParams('early_stopping_rounds od_wait od_type od_pval use_best_model', 'it is no value to search'),
      },
    },
    { of: 'catboost\\.Pool', params: {}, othersLeft: 'it trains nothing' },
  ],
};
