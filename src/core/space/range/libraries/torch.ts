import { type LibraryTable, leftParams } from './library-table.ts';

const shape = 'the layers beside it must match it';
const share = { ranges: ['float 0..0.7'], legal: [0, 1] } as const;
const epsilon = { ranges: ['log 1e-12..0.01'], legal: [0, null] } as const;
const smoothing = { ranges: ['float 0..0.3'], legal: [0, 1] } as const;
const scale = { ranges: ['log 0.01..100'], legal: [0, null] } as const;

/** Arguments of PyTorch's optimisers, schedules, layers and losses. */
export const torch: LibraryTable = {
  library: 'PyTorch',
  version: '2.13.0',
  source: 'https://docs.pytorch.org/docs/stable/',
  groups: [
    {
      of: 'torch\\.optim\\.lr_scheduler\\.\\w+',
      params: {
        gamma: { ranges: ['log 0.01..1'], legal: [0, 1] },
        step_size: { ranges: ['int log 1..1000'], legal: [1, null] },
        eta_min: { ranges: ['0 or log 1e-8..0.01'], legal: [0, null] },
        factor: { ranges: ['float 0.05..0.9'], legal: [0.001, 0.999] },
        patience: { ranges: ['int 1..20'], legal: [0, null] },
        threshold: { ranges: ['log 1e-6..0.01'], legal: [0, null] },
        pct_start: { ranges: ['float 0.02..0.9'], legal: [0, 1] },
        div_factor: { ranges: ['log 1..100'], legal: [1, null] },
        final_div_factor: { ranges: ['log 1..1e6'], legal: [1, null] },
        anneal_strategy: 'choice cos, linear',
        start_factor: { ranges: ['log 0.001..1'], legal: [0.000_001, 1] },
        end_factor: { ranges: ['float 0..1'], legal: [0, 1] },
        T_mult: { ranges: ['int 1..4'], legal: [1, null] },
        power: { ranges: ['float 0.5..4'], legal: [0, null] },
        base_momentum: { ranges: ['float 0.5..0.95'], legal: [0, 1] },
        max_momentum: { ranges: ['float 0.5..0.99'], legal: [0, 1] },
        cycle_momentum: 'bool',
        three_phase: 'bool',
        ...leftParams(
          'total_steps steps_per_epoch epochs T_max T_0 total_iters last_epoch mode threshold_mode verbose cooldown',
          'the length of the training sets it',
        ),
      },
    },
    {
      of: 'torch\\.optim\\.\\w+',
      params: {
        alpha: { ranges: ['float 0.5..0.999'], legal: [0, 0.9999] },
        rho: { ranges: ['float 0.5..0.999'], legal: [0, 1] },
        dampening: { ranges: ['float 0..0.9'], legal: [0, 1] },
        lr_decay: { ranges: ['0 or log 1e-7..0.01'], legal: [0, null] },
        eps: { ranges: ['log 1e-12..0.001'], legal: [0, null] },
        amsgrad: 'bool',
        centered: 'bool',
        nesterov: 'bool',
        ...leftParams('foreach fused capturable differentiable maximize', 'no part of the method'),
      },
    },
    {
      of: 'torch\\.utils\\.data\\.\\w+',
      params: {
        batch_size: { ranges: ['pow2 1..4096', 'int log 1..4096'], legal: [1, null] },
      },
      othersLeft: 'it only changes how the data are read',
    },
    {
      of: 'torch\\.nn\\.(?:functional\\.)?(?:\\w*[dD]ropout\\w*)',
      params: { p: share },
      othersLeft: 'it is no value to search',
    },
    {
      of: 'torch\\.nn\\.(?:BatchNorm\\w+|InstanceNorm\\w+|SyncBatchNorm|LayerNorm|GroupNorm|RMSNorm)',
      params: { momentum: { ranges: ['float 0.01..0.5'], legal: [0, 1] }, eps: epsilon },
      othersLeft: shape,
    },
    {
      of: 'torch\\.nn\\.(?:LSTM|GRU|RNN)',
      params: { dropout: share, num_layers: { ranges: ['int 1..6'], legal: [1, null] } },
      othersLeft: shape,
    },
    {
      of: 'torch\\.nn\\.Transformer(?:Encoder|Decoder)?(?:Layer)?',
      params: {
        dropout: share,
        dim_feedforward: { ranges: ['pow2 32..8192', 'int log 32..8192'], legal: [1, null] },
        num_layers: { ranges: ['int 1..24'], legal: [1, null] },
        num_encoder_layers: { ranges: ['int 1..24'], legal: [1, null] },
        num_decoder_layers: { ranges: ['int 1..24'], legal: [1, null] },
        activation: 'choice relu, gelu',
        layer_norm_eps: epsilon,
        norm_first: 'bool',
      },
      othersLeft: shape,
    },
    { of: 'torch\\.nn\\.MultiheadAttention', params: { dropout: share }, othersLeft: shape },
    {
      of: 'torch\\.nn\\.(?:LeakyReLU|PReLU|RReLU|ELU|CELU|SELU|Softplus|Hardtanh|Threshold|functional\\.leaky_relu|functional\\.elu)',
      params: {
        negative_slope: { ranges: ['log 0.001..1'], legal: [0, null] },
        alpha: { ranges: ['log 0.1..10'], legal: [0, null] },
        beta: { ranges: ['log 0.1..10'], legal: [0, null] },
      },
      othersLeft: 'it is no value to search',
    },
    {
      of: 'torch\\.nn\\.(?:\\w*Loss|functional\\.\\w*loss|functional\\.cross_entropy)',
      params: {
        label_smoothing: smoothing,
        beta: scale,
        delta: scale,
        margin: { ranges: ['log 0.01..10'], legal: [0, null] },
      },
      othersLeft: 'it is no value to search',
    },
    {
      of: 'torch\\.nn\\.init\\.\\w+',
      params: {
        std: { ranges: ['log 1e-4..1'], legal: [0, null] },
        gain: { ranges: ['log 0.05..20'], legal: [0, null] },
      },
      othersLeft: 'it is no value to search',
    },
    {
      of: 'torch\\.nn\\.utils\\.clip_grad_\\w+',
      params: {
        max_norm: { ranges: ['log 0.01..100'], legal: [0, null] },
        clip_value: { ranges: ['log 0.01..100'], legal: [0, null] },
      },
      othersLeft: 'it is no value to search',
    },
    { of: 'torch\\.nn\\.\\w+', params: {}, othersLeft: shape },
    {
      of: 'torchvision\\.transforms\\.(?:v2\\.)?\\w+',
      params: {
        p: { ranges: ['float 0..1'], legal: [0, 1] },
        brightness: { ranges: ['float 0..1'], legal: [0, null] },
        contrast: { ranges: ['float 0..1'], legal: [0, null] },
        saturation: { ranges: ['float 0..1'], legal: [0, null] },
        hue: { ranges: ['float 0..0.5'], legal: [0, 0.5] },
        degrees: { ranges: ['int 0..45', 'float 0..45'], legal: [0, 180] },
        padding: { ranges: ['int 0..8'], legal: [0, null] },
        num_ops: { ranges: ['int 1..4'], legal: [1, null] },
        magnitude: { ranges: ['int 0..30'], legal: [0, 30] },
        alpha: { ranges: ['log 0.1..500'], legal: [0, null] },
        sigma: { ranges: ['log 0.1..10'], legal: [0, null] },
      },
      othersLeft: 'the problem or the layers set it',
    },
    {
      of: 'albumentations\\.\\w*(?:Resize|Crop|Pad|MaxSize|Normalize|ToTensor|ToFloat)\\w*',
      params: {},
      othersLeft: 'the problem or the layers set it',
    },
    { of: 'albumentations\\.\\w+', params: { p: { ranges: ['float 0..1'], legal: [0, 1] } } },
    { of: 'torchvision\\.datasets\\..*', params: {}, othersLeft: 'the data, no part of the method' },
    { of: 'torch\\.(?!optim|nn).*', params: {}, othersLeft: 'it is no value of a method' },
  ],
};
