"""Grades the weights of one run: `python score.py` prints val_bpb, the bits per byte on held-out
text. NOCTURNE_SPLIT picks the text: validation (default) or holdout. Experiments never change
this file. It imports the run's own model function, so it guards against mistakes, not malice.
"""

import os
import sys

# prepare comes before numpy: it limits numpy to one thread.
import prepare

# isort: split
import numpy as np

PARTS = 16  # stretches of the text that are also graded by themselves


def target_bits(weights, logits, contexts, targets):
    """The bits that the model needs for each target, by a softmax of our own."""
    scores = np.asarray(logits(weights, contexts))
    expected = (len(contexts), prepare.VOCAB)
    if scores.shape != expected:
        raise ValueError(f"logits must have shape {expected}, found {scores.shape}")
    scores = scores.astype(np.float64)
    if not np.isfinite(scores).all():
        raise ValueError("logits must be finite")
    shifted = scores - scores.max(axis=1, keepdims=True)
    nats = np.log(np.exp(shifted).sum(axis=1)) - shifted[np.arange(len(targets)), targets]
    return nats / np.log(2.0)


def score(weights, logits, windows):
    """Mean bits per byte of each window. A call of the model sees one position of every window, so
    that no context in it holds the answer to another."""
    total = np.zeros(len(windows))
    for position in range(prepare.SCORED_BYTES):
        end = position + prepare.MAX_CONTEXT
        contexts, targets = windows[:, position:end].copy(), windows[:, end]
        total += target_bits(weights, logits, contexts, targets)
    return total / prepare.SCORED_BYTES


def score_parts(bits):
    """The means of PARTS stretches of the text, in its order: how far they differ says how much a
    gain would differ on another text."""
    return [part.mean() for part in np.array_split(bits, PARTS)]


def main(output):
    split = os.environ.get("NOCTURNE_SPLIT") or "validation"
    if split not in prepare.PRIVATE_SPLITS:
        raise ValueError(f"NOCTURNE_SPLIT must be validation or holdout, found {split!r}")
    windows = prepare.load_windows(split)
    weights = prepare.load_weights()
    sys.dont_write_bytecode = True  # a train.py edited within the same second must be read anew
    from train import logits

    bits = score(weights, logits, windows)
    parts = " ".join(f"{part:.5f}" for part in score_parts(bits))
    output.write(f"---\nval_bpb: {bits.mean():.6f}\nval_bpb_parts: {parts}\n")
    output.flush()


def explain(error):
    """One sentence for whatever went wrong."""
    if isinstance(error, SystemExit) and isinstance(error.code, str):
        return error.code
    return f"{type(error).__name__}: {' '.join(str(error).split())}"


if __name__ == "__main__":
    # What train.py prints goes to the error output, so the block stands alone on this one.
    own_output = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)
    try:
        main(own_output)
    except (Exception, SystemExit) as error:  # noqa: BLE001 - train.py may raise anything
        print(f"score.py: {explain(error)}", file=sys.stderr)
        sys.exit(1)
