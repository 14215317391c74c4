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
    """Mean bits per byte. A call of the model sees one position of every window, so that no
    context in it holds the answer to another."""
    total = 0.0
    for position in range(prepare.SCORED_BYTES):
        end = position + prepare.MAX_CONTEXT
        contexts, targets = windows[:, position:end].copy(), windows[:, end]
        total += target_bits(weights, logits, contexts, targets).sum()
    return total / (len(windows) * prepare.SCORED_BYTES)


def main(output):
    split = os.environ.get("NOCTURNE_SPLIT") or "validation"
    if split not in prepare.PRIVATE_SPLITS:
        raise ValueError(f"NOCTURNE_SPLIT must be validation or holdout, found {split!r}")
    windows = prepare.load_windows(split)
    weights = prepare.load_weights()
    sys.dont_write_bytecode = True  # a train.py edited within the same second must be read anew
    from train import logits

    output.write(f"---\nval_bpb: {score(weights, logits, windows):.6f}\n")
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
