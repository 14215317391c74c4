"""What an answer is worth in bits, and whether the model that gave it is a function of what it was shown.

A witness, a second process of the same model, is asked a sample of the same questions in its first calls, when it has seen
nothing that a memory could hold. Each target costs a pure model the same bits in both, but for rounding. Experiments never
change this file. The same file serves every sandbox; docs/scoring.md has the measured margins.
"""

import numpy as np

from apart import ModelError

CHUNK = 1 << 20          # logits that are worked on at once, so that little memory is needed
SPREAD_BITS = 0.02       # root mean square of the differences that rounding alone may make
MEAN_BITS = 0.002        # and their mean, which says what the score gained ...
STANDARD_ERRORS = 4.0    # ... beyond what chance makes of it


def bits_of(logits, targets):
    """The bits of each target by a softmax of our own. logits (rows, kinds) are used up: they become the softmax."""
    rows = max(1, CHUNK // logits.shape[1])
    chunks = range(0, len(targets), rows)
    return np.concatenate([chunk_bits(logits[at : at + rows], targets[at : at + rows]) for at in chunks])


def chunk_bits(logits, targets):
    peaks = logits.max(axis=1, keepdims=True)
    if not (np.isfinite(logits.min()) and np.isfinite(peaks.max())):
        raise ModelError("logits must be finite")
    below = peaks[:, 0].astype(np.float64) - logits[np.arange(len(targets)), targets]
    with np.errstate(over="ignore"):  # what lies that far below the peak counts nothing
        np.subtract(logits, peaks, out=logits)
    np.exp(logits, out=logits)
    return (np.log(logits.sum(axis=1, dtype=np.float64)) + below) / np.log(2.0)


def check_same(own, seen, trouble, spread_bits=SPREAD_BITS):
    """Raises the trouble when the bits of the same targets differ between the model and its witness, NaN where one has
    not been asked."""
    differences = (seen - own)[np.isfinite(seen - own)]
    mean, spread = differences.mean(), np.sqrt((differences**2).mean())
    limit = MEAN_BITS + STANDARD_ERRORS * differences.std() / np.sqrt(len(differences))
    if spread > spread_bits or abs(mean) > limit:
        raise ModelError(
            "{}: {:,} answers differ by {:.3f} bits (on average {:+.4f}) from those of a second process that had seen "
            "nothing else".format(trouble, len(differences), spread, mean)
        )
