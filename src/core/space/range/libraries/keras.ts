import { type LibraryTable, leftParams } from './library-table.ts';

const share = { ranges: ['float 0..0.7'], legal: [0, 0.99] } as const;
const hidden = 'choice relu, gelu, silu, elu, selu, tanh, leaky_relu';
const beta = { ranges: ['float 0..0.99'], legal: [0, 0.9999] } as const;
const initializers = 'choice glorot_uniform, glorot_normal, he_uniform, he_normal, lecun_normal';

/** Arguments of Keras' layers, optimisers and `fit`. */
export const keras: LibraryTable = {
  library: 'Keras',
  version: '3.15.1',
  source: 'https://keras.io/api/',
  groups: [
    {
      of: '(?:tensorflow\\.)?(?:python\\.)?keras\\.layers\\.(?:\\w*Dropout\\w*|GaussianNoise)',
      params: { rate: share, stddev: { ranges: ['log 0.001..1'], legal: [0, null] } },
      othersLeft: 'it is no value to search',
    },
    {
      of: '(?:tensorflow\\.)?(?:python\\.)?keras\\.layers\\.\\w+',
      params: {
        units: { ranges: ['pow2 16..2048', 'int log 16..2048'], legal: [16, null] },
        filters: { ranges: ['pow2 4..1024', 'int log 4..1024'], legal: [1, null] },
        kernel_size: 'choice 1, 3, 5, 7',
        output_dim: { ranges: ['pow2 4..1024', 'int log 4..1024'], legal: [1, null] },
        dropout: share,
        recurrent_dropout: share,
        activation: hidden,
        kernel_initializer: initializers,
        momentum: { ranges: ['float 0.5..0.999'], legal: [0, 1] },
        epsilon: { ranges: ['log 1e-9..0.01'], legal: [0, null] },
        alpha: { ranges: ['log 0.001..1'], legal: [0, null] },
        negative_slope: { ranges: ['log 0.001..1'], legal: [0, null] },
        use_bias: 'bool',
      },
      othersLeft: 'the problem or the layers beside it set it',
    },
    {
      of: '(?:tensorflow\\.)?(?:python\\.)?keras\\.optimizers\\.(?:schedules\\.)?\\w+',
      params: {
        beta_1: beta,
        beta_2: { ranges: ['float 0.9..0.9999'], legal: [0, 0.999_999] },
        momentum: beta,
        rho: { ranges: ['float 0.5..0.999'], legal: [0, 1] },
        epsilon: { ranges: ['log 1e-9..0.1'], legal: [0, null] },
        decay_rate: { ranges: ['float 0.1..0.999'], legal: [0, 1] },
        alpha: { ranges: ['0 or log 0.001..1'], legal: [0, 1] },
        clipnorm: { ranges: ['log 0.01..100'], legal: [0, null] },
        clipvalue: { ranges: ['log 0.01..100'], legal: [0, null] },
        amsgrad: 'bool',
        nesterov: 'bool',
        staircase: 'bool',
        ...leftParams('name jit_compile', 'no part of the method'),
      },
    },
    {
      of: '(?:tensorflow\\.)?(?:python\\.)?keras\\.regularizers\\.\\w+',
      params: {
        l1: { ranges: ['0 or log 1e-7..0.1'], legal: [0, null] },
        l2: { ranges: ['0 or log 1e-7..0.1'], legal: [0, null] },
      },
    },
    {
      of: '(?:tensorflow\\.)?(?:python\\.)?keras\\.callbacks\\.ReduceLROnPlateau',
      params: {
        factor: { ranges: ['float 0.05..0.9'], legal: [0.001, 0.999] },
        patience: { ranges: ['int 1..20'], legal: [0, null] },
      },
      othersLeft: 'no part of the method',
    },
    {
      of: '(?:tensorflow\\.)?(?:python\\.)?keras\\.(?:callbacks|utils|datasets|metrics|backend)\\..*',
      params: {},
      othersLeft: 'no part of the method',
    },
    {
      of: '(?:tensorflow\\.)?(?:python\\.)?keras\\.losses\\.\\w+',
      params: {
        label_smoothing: { ranges: ['float 0..0.3'], legal: [0, 1] },
        delta: { ranges: ['log 0.01..100'], legal: [0, null] },
        alpha: { ranges: ['float 0.05..0.95'], legal: [0, 1] },
        gamma: { ranges: ['float 0..5'], legal: [0, null] },
      },
      othersLeft: 'the problem sets it',
    },
  ],
};
