"""The training of sandbox/tiny, whose author's settings nobody has tuned, for as many steps as a fifth of a second was
measured to take, each part of a step by itself: the same steps on every machine, however busy it is."""
import sys
from pathlib import Path

import numpy as np

from training import Training

SANDBOX = Path(__file__).resolve().parents[2] / "sandbox" / "tiny"
WINDOWS = 96


class Untuned(Training):
    metric = "val_bpb"
    true_seeds = range(900001, 900004)
    defaults = dict(
        LEARNING_RATE=0.1, MOMENTUM=0.0, WARMUP=0.0, DECAY="constant", WEIGHT_DECAY=0.0, GRAD_CLIP=0.0, BATCH_SIZE=128,
        CONTEXT=4, EMBED_DIM=8, HIDDEN=64, LAYERS=1, ACTIVATION="tanh", INIT_SCALE=1.0,
    )
    space = dict(
        LEARNING_RATE=("log", 0.01, 3.0), MOMENTUM=("float", 0.0, 0.98), WARMUP=("float", 0.0, 0.2),
        DECAY=("choice", "constant", "linear", "cosine"), WEIGHT_DECAY=("0 or log", 1e-5, 1e-2),
        GRAD_CLIP=("0 or log", 0.1, 5.0), BATCH_SIZE=("pow2", 16, 1024), CONTEXT=("int", 1, 32),
        EMBED_DIM=("int log", 2, 64), HIDDEN=("int log", 16, 1024), LAYERS=("int", 1, 3),
        ACTIVATION=("choice", "tanh", "relu", "gelu"), INIT_SCALE=("log", 0.1, 3.0),
    )
    # The lowest of 420 steps from what two studies of the bench had found after 40 trials.
    far_end = 2.905

    def __init__(self):
        sys.path.insert(0, str(SANDBOX))
        import prepare

        self.prepare = prepare
        splits = prepare.gather()
        self.data = np.frombuffer(splits["train"], np.uint8)
        held = np.frombuffer(splits["validation"], np.uint8)
        length = prepare.MAX_CONTEXT + prepare.SCORED_BYTES
        starts = np.linspace(0, len(held) - length, WINDOWS).astype(np.int64)
        windows = held[starts[:, None] + np.arange(length)]
        places = prepare.MAX_CONTEXT + np.arange(prepare.SCORED_BYTES)
        self.contexts = windows[:, places[:, None] + np.arange(-prepare.MAX_CONTEXT, 0)].reshape(-1, prepare.MAX_CONTEXT)
        self.targets = windows[:, places].reshape(-1)
        self.source = compile((SANDBOX / "train.py").read_text(), "train.py", "exec")

    def steps(self, c):
        """How many steps the budget has, by what each part of one was measured to cost."""
        inputs, batch = c["CONTEXT"] * c["EMBED_DIM"], c["BATCH_SIZE"]
        products = inputs * c["HIDDEN"] + (c["LAYERS"] - 1) * c["HIDDEN"] ** 2 + 256 * c["HIDDEN"]
        seconds = COSTS @ [1.0, batch * products, batch * inputs, batch * 256, batch * c["HIDDEN"] * c["LAYERS"], products]
        return max(2, int(SECONDS / seconds))

    def value(self, c, seed):
        train = {"__name__": "train"}
        exec(self.source, train)
        train.update(c)
        rng = np.random.default_rng(seed % 2**32)
        weights = train["init_weights"](rng)
        velocity = {name: np.zeros_like(value) for name, value in weights.items()}
        steps = self.steps(c)
        with np.errstate(all="ignore"):
            for step in range(steps):
                batch = self.prepare.sample_batch(self.data, rng, c["BATCH_SIZE"], c["CONTEXT"])
                loss, gradients = train["loss_and_gradients"](weights, *batch)
                if not loss <= 100.0:
                    return None
                train["update"](weights, velocity, gradients, train["rate_at"](step / steps))
            return self.grade(train, weights)

    def grade(self, train, weights):
        """Bits per byte of unseen text; as a diverged run where they are no number."""
        scores = train["logits"](weights, self.contexts).astype(np.float64)
        scores -= scores.max(axis=1, keepdims=True)
        bits = np.log(np.exp(scores).sum(axis=1)) - scores[np.arange(len(scores)), self.targets]
        mean = float(bits.mean() / np.log(2.0))
        return mean if mean < 30.0 else None


SECONDS = 0.2
# Seconds of a step, of a multiplication in its products, of an input, of a softmax term, of a hidden unit, of a weight.
COSTS = np.array([4.9e-5, 4.4e-11, 9.0e-9, 2.2e-9, 3.1e-9, 1.05e-9])
