import type { LibraryTable } from './library-table.ts';

const share = { ranges: ['float 0.3..1'], legal: [0.01, 1] } as const;
const penalty = { ranges: ['0 or log 1e-4..1000'], legal: [0, null] } as const;

/**
 * Parameters that mean the same wherever they are written, as an entry of a dict or as a constant: those of gradient
 * boosting, and texts whose value names the library.
 */
export const knownByName: LibraryTable = {
  library: 'gradient boosting and scikit-learn',
  version: 'XGBoost 3.2.0, LightGBM 4.7.0, CatBoost 1.2.10, scikit-learn 1.9.1, Transformers 5.24.0',
  source: 'the tables of these libraries',
  groups: [
    {
      of: '',
      params: {
        subsample: share,
        colsample_bytree: share,
        colsample_bylevel: share,
        colsample_bynode: share,
        feature_fraction: share,
        feature_fraction_bynode: share,
        bagging_fraction: share,
        rsm: share,
        reg_lambda: penalty,
        reg_alpha: penalty,
        lambda_l1: penalty,
        lambda_l2: penalty,
        l2_leaf_reg: { ranges: ['0 or log 0.01..100'], legal: [0, null] },
        l2_regularization: { ranges: ['0 or log 1e-4..100'], legal: [0, null] },
        min_child_weight: { ranges: ['0 or log 0.01..100'], legal: [0, null] },
        min_split_gain: { ranges: ['0 or log 1e-4..10'], legal: [0, null] },
        min_gain_to_split: { ranges: ['0 or log 1e-4..10'], legal: [0, null] },
        num_leaves: { ranges: ['int log 4..1024'], legal: [2, 131_072] },
        min_child_samples: { ranges: ['int log 1..500'], legal: [0, null] },
        min_data_in_leaf: { ranges: ['int log 1..500'], legal: [0, null] },
        max_depth: { ranges: ['int 1..16', 'choice -1, 3, 4, 5, 6, 8, 10, 12, 16'], legal: [1, null] },
        max_bin: { ranges: ['int log 16..1024'], legal: [2, null] },
        bagging_freq: { ranges: ['int 0..10'], legal: [0, null] },
        n_neighbors: { ranges: ['int log 1..64'], legal: [1, null] },
        l1_ratio: { ranges: ['float 0..1'], legal: [0, 1] },
        min_samples_split: { ranges: ['int 2..64', 'float 0.001..0.5'], legal: [0.000_01, null] },
        min_samples_leaf: { ranges: ['int log 1..64', 'float 0.001..0.3'], legal: [0.000_01, null] },
        max_features: { ranges: ['choice sqrt, log2', 'float 0.05..1'], legal: [0.01, 1] },
        boosting: 'choice gbdt, dart, goss',
        boosting_type: { ranges: ['choice gbdt, dart, goss', 'choice Ordered, Plain'] },
        booster: 'choice gbtree, dart, gblinear',
        tree_method: 'choice hist, approx, exact',
        grow_policy: { ranges: ['choice depthwise, lossguide', 'choice SymmetricTree, Depthwise, Lossguide'] },
        bootstrap_type: 'choice Bayesian, Bernoulli, MVS',
        lr_scheduler_type: 'choice linear, cosine, constant, constant_with_warmup, inverse_sqrt',
      },
    },
  ],
};
