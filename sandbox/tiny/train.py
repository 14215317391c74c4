"""Trains a small byte-level language model in numpy: `python train.py` (once: `prepare.py`).
Seed, budget and folders come from NOCTURNE_SEED, NOCTURNE_BUDGET_SECONDS, NOCTURNE_RUN_DIR and
NOCTURNE_DATA_DIR. prepare.py (data, clock, log) and score.py (grade: bits per byte) are fixed.
"""

import math
import sys

# prepare comes before numpy: it limits numpy to one thread.
import prepare

# isort: split
import numpy as np

# --- Hyperparameters (edit these directly) ------------------------------------------------------

LEARNING_RATE = 0.1    # step size at the schedule's peak; space: log 0.01..3
MOMENTUM = 0.0         # share of the velocity kept at each step; space: 0..0.98
WARMUP = 0.0           # fraction of the budget in which the rate rises from 0; space: 0..0.2
DECAY = "constant"     # rate after warmup; space: choice constant, linear, cosine
WEIGHT_DECAY = 0.0     # shrinks matrices, times the rate; space: 0 or log 1e-5..1e-2
GRAD_CLIP = 0.0        # largest norm of all gradients, 0 is off; space: 0 or log 0.1..5
BATCH_SIZE = 128       # predictions per step; space: pow2 16..1024
CONTEXT = 4            # bytes the model sees before the one it predicts; space: int 1..32
EMBED_DIM = 8          # numbers per byte of context; space: int log 2..64
HIDDEN = 64            # units per hidden layer; space: int log 16..1024
LAYERS = 1             # hidden layers; space: int 1..3
ACTIVATION = "tanh"    # space: choice tanh, relu, gelu
INIT_SCALE = 1.0       # multiplies every initial matrix; space: log 0.1..3

# --- Model --------------------------------------------------------------------------------------


def init_weights(rng):
    """Matrices with variance 1 / inputs, so that sums start near 1; biases 0."""
    weights = {"embed": INIT_SCALE * rng.standard_normal((prepare.VOCAB, EMBED_DIM))}
    inputs = CONTEXT * EMBED_DIM
    for layer in range(LAYERS):
        spread = INIT_SCALE / math.sqrt(inputs)
        weights[f"w{layer}"] = spread * rng.standard_normal((inputs, HIDDEN))
        weights[f"b{layer}"] = np.zeros(HIDDEN)
        inputs = HIDDEN
    spread_out = INIT_SCALE / math.sqrt(HIDDEN)
    weights["w_out"] = spread_out * rng.standard_normal((HIDDEN, prepare.VOCAB))
    weights["b_out"] = np.zeros(prepare.VOCAB)
    return {name: value.astype(np.float32) for name, value in weights.items()}


def activate(sums):
    """The outputs of a hidden layer, and their slopes for the backward pass."""
    if ACTIVATION == "tanh":
        outputs = np.tanh(sums)
        return outputs, 1.0 - outputs * outputs
    if ACTIVATION == "relu":
        return np.maximum(sums, 0.0), (sums > 0.0).astype(np.float32)
    assert ACTIVATION == "gelu", f"ACTIVATION must be tanh, relu or gelu, found {ACTIVATION!r}"
    gate = 0.5 + 0.5 * np.tanh(0.851 * sums)    # sigmoid(1.702 sums), the quick form of gelu
    return sums * gate, gate + 1.702 * sums * gate * (1.0 - gate)


def forward(weights, contexts):
    """The logits, and what the backward pass needs: each layer's inputs and slopes."""
    embedded = weights["embed"][contexts]                                 # (B, CONTEXT, EMBED_DIM)
    inputs = [embedded.reshape(len(contexts), CONTEXT * EMBED_DIM)]
    slopes = []
    for layer in range(LAYERS):
        sums = inputs[layer] @ weights[f"w{layer}"] + weights[f"b{layer}"]    # (B, HIDDEN)
        outputs, slope = activate(sums)
        inputs.append(outputs)
        slopes.append(slope)
    return inputs[-1] @ weights["w_out"] + weights["b_out"], inputs, slopes   # (B, VOCAB)


def logits(weights, contexts):
    """What score.py calls: contexts (B, MAX_CONTEXT) of bytes -> logits (B, VOCAB).
    Must be pure: everything it needs is in the saved weights and the constants above.
    """
    return forward(weights, contexts[:, -CONTEXT:])[0]


def loss_and_gradients(weights, contexts, targets):
    """The mean loss in bits per byte, and the gradients of the same loss in nats."""
    scores, inputs, slopes = forward(weights, contexts)
    rows = np.arange(len(targets))
    shifted = scores - scores.max(axis=1, keepdims=True)
    exponentials = np.exp(shifted)
    totals = exponentials.sum(axis=1, keepdims=True)
    loss = float((np.log(totals[:, 0]) - shifted[rows, targets]).mean()) / math.log(2.0)

    delta = exponentials / totals                                         # softmax, (B, VOCAB)
    delta[rows, targets] -= 1.0
    delta /= len(targets)
    gradients = {"w_out": inputs[-1].T @ delta, "b_out": delta.sum(axis=0)}
    delta = delta @ weights["w_out"].T
    for layer in reversed(range(LAYERS)):
        delta = delta * slopes[layer]                                         # (B, HIDDEN)
        gradients[f"w{layer}"] = inputs[layer].T @ delta
        gradients[f"b{layer}"] = delta.sum(axis=0)
        delta = delta @ weights[f"w{layer}"].T
    gradients["embed"] = np.zeros_like(weights["embed"])
    np.add.at(gradients["embed"], contexts, delta.reshape(*contexts.shape, EMBED_DIM))
    return loss, gradients


# --- Optimizer and schedule ---------------------------------------------------------------------


def rate_at(done):
    """The learning rate when `done` (0 to 1) of the budget is used up."""
    if done < WARMUP:
        return LEARNING_RATE * done / WARMUP
    left = (1.0 - done) / (1.0 - WARMUP)
    if DECAY == "constant":
        return LEARNING_RATE
    if DECAY == "linear":
        return LEARNING_RATE * left
    assert DECAY == "cosine", f"DECAY must be constant, linear or cosine, found {DECAY!r}"
    return LEARNING_RATE * (0.5 - 0.5 * math.cos(math.pi * left))


def update(weights, velocity, gradients, rate):
    """One step of gradient descent with momentum, in place."""
    shrink = 1.0
    if GRAD_CLIP > 0.0:
        norm = math.sqrt(sum(float(np.vdot(value, value)) for value in gradients.values()))
        shrink = min(1.0, GRAD_CLIP / (norm + 1e-12))
    for name, gradient in gradients.items():
        velocity[name] = MOMENTUM * velocity[name] + shrink * gradient
        if WEIGHT_DECAY > 0.0 and weights[name].ndim == 2:
            weights[name] -= rate * WEIGHT_DECAY * weights[name]
        weights[name] -= rate * velocity[name]


# --- Setup --------------------------------------------------------------------------------------


def check_constants():
    for name, value in [("BATCH_SIZE", BATCH_SIZE), ("CONTEXT", CONTEXT), ("LAYERS", LAYERS),
                        ("EMBED_DIM", EMBED_DIM), ("HIDDEN", HIDDEN)]:
        is_count = isinstance(value, int) and value >= 1
        assert is_count, f"{name} must be a whole number of at least 1, found {value!r}"
    longest = prepare.MAX_CONTEXT
    assert CONTEXT <= longest, f"CONTEXT must be at most {longest}, found {CONTEXT}"
    assert LEARNING_RATE > 0.0, f"LEARNING_RATE must be above 0, found {LEARNING_RATE}"
    assert INIT_SCALE > 0.0, f"INIT_SCALE must be above 0, found {INIT_SCALE}"
    assert 0.0 <= MOMENTUM < 1.0, f"MOMENTUM must be at least 0 and below 1, found {MOMENTUM}"
    assert 0.0 <= WARMUP < 1.0, f"WARMUP must be at least 0 and below 1, found {WARMUP}"
    assert WEIGHT_DECAY >= 0.0, f"WEIGHT_DECAY must be at least 0, found {WEIGHT_DECAY}"
    assert GRAD_CLIP >= 0.0, f"GRAD_CLIP must be at least 0, found {GRAD_CLIP}"
    rate_at(1.0)                  # an unknown DECAY fails here, not at the end of warmup
    activate(np.zeros(1))         # and an unknown ACTIVATION too


# --- Loop ---------------------------------------------------------------------------------------


def main():
    check_constants()
    rng = np.random.default_rng(prepare.SEED)
    data = prepare.load_train()
    weights = init_weights(rng)
    velocity = {name: np.zeros_like(value) for name, value in weights.items()}
    log = prepare.ProgressLog()
    step = 0
    done = prepare.progress()
    while done < 1.0:
        contexts, targets = prepare.sample_batch(data, rng, BATCH_SIZE, CONTEXT)
        loss, gradients = loss_and_gradients(weights, contexts, targets)
        if not loss <= 100.0:     # written so that NaN fails too
            print(f"FAIL loss={loss} at step {step}: training diverged", flush=True)
            sys.exit(1)
        update(weights, velocity, gradients, rate_at(done))
        step += 1
        log.add(step, loss, done)
        done = prepare.progress()
    training_seconds = prepare.seconds_used()
    prepare.save_weights(weights)
    prepare.print_summary(training_seconds, step, weights)


if __name__ == "__main__":
    main()
