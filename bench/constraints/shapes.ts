/**
 * Scripts that check their knobs together before they train, one for each shape in which that is written; a script ends with an error
 * where a check fails.
 */

export interface Shape {
  readonly name: string;
  readonly script: string;
  /** Fixed files beside it. */
  readonly beside: Readonly<Record<string, string>>;
}

/** karpathy/autoresearch: the tokens of a pass are a product with a constant of a fixed file, and given a name. */
const karpathy: Shape = {
  name: 'assert A % (B * C) == 0, C in a fixed file',
  beside: { 'prepare.py': 'MAX_SEQ_LEN = 2048\n' },
  script: `from prepare import MAX_SEQ_LEN

DEPTH = 8
ASPECT_RATIO = 64
HEAD_DIM = 128
TOTAL_BATCH_SIZE = 2**19
DEVICE_BATCH_SIZE = 128
MATRIX_LR = 0.04
WEIGHT_DECAY = 0.2

tokens_per_fwdbwd = DEVICE_BATCH_SIZE * MAX_SEQ_LEN
assert TOTAL_BATCH_SIZE % tokens_per_fwdbwd == 0
`,
};

/** karpathy/nanoGPT: an attribute of what the constants are gathered in, asserted in the model. */
const nanoGpt: Shape = {
  name: 'assert config.A % config.B == 0, in the model',
  beside: {},
  script: `from dataclasses import dataclass

n_layer = 12
n_head = 12
n_embd = 768
dropout = 0.0
learning_rate = 6e-4


@dataclass
class GPTConfig:
    n_layer: int = 12
    n_head: int = 12
    n_embd: int = 768


class Block:
    def __init__(self, config):
        assert config.n_embd % config.n_head == 0
        self.n_head = config.n_head


model_args = dict(n_layer=n_layer, n_head=n_head, n_embd=n_embd)
Block(GPTConfig(**model_args))
`,
};

/** As many scripts have it: a width that is a product, local names, and an error that is raised. */
const raised: Shape = {
  name: 'if A * B % C != 0 or …: raise, and a sum of shares',
  beside: {},
  script: `LAYERS = 4
WIDTH_PER_LAYER = 96
HEADS = 6
BATCH_SIZE = 96
MICRO_BATCH = 24
WARMUP = 0.1
COOLDOWN = 0.6


def check():
    width = WIDTH_PER_LAYER * LAYERS
    steps, rest = BATCH_SIZE // MICRO_BATCH, BATCH_SIZE % MICRO_BATCH
    if width % HEADS != 0 or (width // HEADS) % 2:
        raise ValueError("heads")
    if rest:
        raise ValueError("batch")
    assert WARMUP + COOLDOWN <= 1.0


check()
`,
};

export const shapes: readonly Shape[] = [karpathy, nanoGpt, raised];
