"""Grades the weights of one run: `python score.py` prints val_bpb, the bits per byte on held-out text. NOCTURNE_SPLIT picks
the text: validation (default) or holdout. Experiments never change this file.

It never loads train.py: serve.py does, in processes of their own that are shown contexts and no targets (apart.py), and that
have to answer a context the same wherever, whenever and beside whatever it is asked (purity.py).
"""

import os
import sys
from itertools import zip_longest

import apart

# The two processes start first and load while this one does.
HERE = os.path.dirname(os.path.abspath(__file__))
WEIGHTS = os.path.join(os.environ.get("NOCTURNE_RUN_DIR") or os.path.join(HERE, "run"), "weights.npz")
COMMAND = [sys.executable, os.path.join(HERE, "serve.py")]
MODELS = apart.Models(COMMAND, WEIGHTS) if __name__ == "__main__" else None

# prepare comes before numpy: it limits numpy to one thread.
import prepare

# isort: split
import numpy as np
from purity import bits_of, check_same

PARTS = 16              # stretches of the text that are also graded by themselves
WITNESS_POSITIONS = 8   # of each row that the witness is shown: it answers an eighth of all questions again
CALLS = 4               # for the rows of one position: a model that is slow to answer, to learn meanwhile, is so in each


def plan_grading(dice):
    """All rows of one position before those of the next, in an order of its own: so no context in a call or before it holds
    an answer that is still asked."""
    for position in range(prepare.SCORED_BYTES):
        for rows in shuffled_rows(dice):
            yield rows, np.full(len(rows), position)


def plan_witness(dice):
    """The same to look at: each row goes on where its last call ended, but each began somewhere else in its window."""
    begins = dice.integers(0, prepare.SCORED_BYTES - WITNESS_POSITIONS + 1, size=prepare.WINDOWS)
    for step in range(WITNESS_POSITIONS):
        for rows in shuffled_rows(dice):
            yield rows, begins[rows] + step


def shuffled_rows(dice):
    return np.array_split(dice.permutation(prepare.WINDOWS), CALLS)


def ask(model, windows, plan, bits):
    """Fills in the bits of each target, by row and position. The next question is asked before the last answer is graded,
    so that both sides work; it waits for nothing between two steps."""
    asked = None
    for rows, positions in plan:
        answer = asked and receive(model, asked)
        ends = positions + prepare.MAX_CONTEXT
        model.send(windows[rows[:, None], positions[:, None] + np.arange(prepare.MAX_CONTEXT)])
        if asked:
            note(bits, asked, answer)
        asked = rows, positions, windows[rows, ends]
        yield
    note(bits, asked, receive(model, asked))


def receive(model, asked):
    shape = (len(asked[0]), prepare.VOCAB)
    return np.frombuffer(model.receive(shape), np.float32).reshape(shape)


def note(bits, asked, answer):
    rows, positions, targets = asked
    bits[rows, positions] = bits_of(answer, targets)


def score(model, witness, windows):
    """Mean bits per byte of each window."""
    dice = np.random.default_rng()
    own, seen = np.full((2, len(windows), prepare.SCORED_BYTES), np.nan)
    grading = ask(model, windows, plan_grading(dice), own)
    for _ in zip_longest(grading, ask(witness, windows, plan_witness(dice), seen)):
        pass
    check_same(own, seen, "the model is not a function of its context")
    return own.mean(axis=1)


def score_parts(bits):
    """The means of PARTS stretches of the text, in its order: how far they differ says how much a
    gain would differ on another text."""
    return [part.mean() for part in np.array_split(bits, PARTS)]


def main(model, witness):
    split = os.environ.get("NOCTURNE_SPLIT") or "validation"
    if split not in prepare.PRIVATE_SPLITS:
        raise ValueError(f"NOCTURNE_SPLIT must be validation or holdout, found {split!r}")
    bits = score(model, witness, prepare.load_windows(split))
    parts = " ".join(f"{part:.5f}" for part in score_parts(bits))
    return f"val_bpb: {bits.mean():.6f}\nval_bpb_parts: {parts}"


if __name__ == "__main__":
    apart.run(main, MODELS)
