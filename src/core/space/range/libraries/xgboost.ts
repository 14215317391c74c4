import { type LibraryTable, leftParams } from './library-table.ts';

const share = { ranges: ['float 0.3..1'], legal: [0.01, 1] } as const;
const penalty = { ranges: ['0 or log 1e-4..1000'], legal: [0, null] } as const;
const rate = { ranges: ['log 0.001..1'], legal: [0, 1] } as const;

/** Parameters of XGBoost's trees, under the names of the estimators and of `train`. */
export const xgboost: LibraryTable = {
  library: 'XGBoost',
  version: '3.2.0',
  source: 'https://xgboost.readthedocs.io/en/stable/parameter.html',
  groups: [
    {
      of: 'xgboost\\.(?:.*\\.)?(?:XGB\\w+|train|cv)',
      params: {
        learning_rate: rate,
        eta: rate,
        max_depth: { ranges: ['int 1..16'], legal: [0, 64] },
        max_leaves: { ranges: ['0 or int log 2..1024'], legal: [0, null] },
        min_child_weight: { ranges: ['0 or log 0.01..100'], legal: [0, null] },
        gamma: { ranges: ['0 or log 0.001..100'], legal: [0, null] },
        min_split_loss: { ranges: ['0 or log 0.001..100'], legal: [0, null] },
        max_delta_step: { ranges: ['0 or log 0.1..10'], legal: [0, null] },
        subsample: share,
        colsample_bytree: share,
        colsample_bylevel: share,
        colsample_bynode: share,
        reg_lambda: penalty,
        lambda: penalty,
        reg_alpha: penalty,
        alpha: penalty,
        scale_pos_weight: { ranges: ['log 0.01..100'], legal: [0, null] },
        n_estimators: { ranges: ['int log 20..2000'], legal: [1, null] },
        num_boost_round: { ranges: ['int log 20..2000'], legal: [1, null] },
        num_parallel_tree: { ranges: ['int 1..10'], legal: [1, null] },
        max_bin: { ranges: ['int log 16..1024'], legal: [2, null] },
        booster: 'choice gbtree, dart, gblinear',
        tree_method: 'choice hist, approx, exact',
        grow_policy: 'choice depthwise, lossguide',
        sample_type: 'choice uniform, weighted',
        normalize_type: 'choice tree, forest',
        rate_drop: { ranges: ['float 0..0.5'], legal: [0, 1] },
        skip_drop: { ranges: ['float 0..1'], legal: [0, 1] },
        ...leftParams('objective eval_metric base_score num_class missing', 'the problem sets it'),
        ...leftParams('n_jobs nthread device random_state seed verbosity verbose_eval gpu_id', 'no part of the method'),
        ...leftParams(
          'enable_categorical importance_type early_stopping_rounds sampling_method',
          'it is no value to search',
        ),
      },
    },
  ],
};
