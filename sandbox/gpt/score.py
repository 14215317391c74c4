"""Grades the weights of one run: `python score.py` prints val_bpb, the bits per byte on held-out text. NOCTURNE_SPLIT picks
the text: validation (default) or holdout. Experiments never change this file.

It never loads train.py, nor torch: serve.py does, in processes of their own (apart.py). A window is shown whole, so what
keeps a model from reading the answer is that a witness is shown other futures (splices.py) and has to say the same before
them, as it has to of windows that were shown to it alone (purity.py).
"""

import os
import sys
from itertools import zip_longest

import apart
import numpy as np
import texts
from purity import bits_of, check_same
from splices import Splicer

CALL_TOKENS = 1 << 13       # tokens in one call of the model
CALL_LOGITS = 1 << 24       # and logits in its answer, for large vocabularies: 64 MB
LEAST_CALLS = 64            # a model that is slow to answer, to learn meanwhile, is so in each of them
WITNESS_SHARE = 8           # one window in so many is shown to the witness too ...
WITNESS_WINDOWS = 128       # ... up to this many
UNSPLICED_SHARE = 4         # one of those in so many is shown as it is
AHEAD_SPREAD_BITS = 0.005   # what comes after changes a causal model's answers by less than other company does
PARTS = 16                  # stretches of the text that are also graded by themselves


def rows_of_call(count, length, vocab):
    """As many windows as memory allows, but no more than makes LEAST_CALLS of them."""
    tokens = min(CALL_TOKENS, CALL_LOGITS // vocab)
    return max(1, min(tokens // length, count // LEAST_CALLS))


def cut_into_calls(order, rows):
    return [order[at : at + rows] for at in range(0, len(order), rows)]


def choose_shown(count, call_rows, dice):
    """The windows that the witness is shown, in full calls: it cannot tell them from the first calls of the other."""
    wanted = min(WITNESS_WINDOWS, count // WITNESS_SHARE)
    return dice.permutation(count)[: max(1, wanted // call_rows) * call_rows]


def with_other_futures(tokens, text, dice):
    """Rows of which most go on differently from some place on, and these places; a row as it is has its end there."""
    splicer = Splicer(text, dice)
    is_spliced = dice.permutation(np.arange(len(tokens)) % UNSPLICED_SHARE != 0)
    found = [splicer.splice(row) if spliced else (row, len(row)) for row, spliced in zip(tokens, is_spliced)]
    return np.stack([row for row, _ in found]), np.array([place for _, place in found])


def ask(model, calls, rows, targets, vocab, bits):
    """Fills in the bits of each target, by row and position. The next question is asked before the last answer is graded,
    so that both sides work; it waits for nothing between two steps."""
    asked = None
    for call in calls:
        answer = None if asked is None else receive(model, targets[asked], vocab)
        model.send(rows[call])
        if asked is not None:
            bits[asked] = graded(answer, targets[asked])
        asked = call
        yield
    bits[asked] = graded(receive(model, targets[asked], vocab), targets[asked])


def receive(model, targets, vocab):
    return np.frombuffer(model.receive((*targets.shape, vocab)), np.float32).reshape(-1, vocab)


def graded(logits, targets):
    return bits_of(logits, targets.reshape(-1)).reshape(targets.shape)


def check_witness(own, seen, places):
    """Both have to agree on rows that were shown as they are, and before the place where another future begins: there
    most of all at the last position, whose answer is the first token that was replaced."""
    length = own.shape[1]
    whole = places == length
    check_same(own[whole], seen[whole], "the model is not a function of the window that it is shown")
    ahead = "the model looks ahead: what comes after a position changes its logits"
    before = np.arange(length) < places[:, None]
    last = np.arange(length) == places[:, None] - 1
    for part in (before & ~whole[:, None], last & ~whole[:, None]):
        check_same(own[part], seen[part], ahead, AHEAD_SPREAD_BITS)


def score(model, witness, windows, text, vocab):
    """The bits of each target token."""
    dice = np.random.default_rng()
    rows, targets = windows[:, :-1], windows[:, 1:]
    length = rows.shape[1]
    call_rows = rows_of_call(len(rows), length, vocab)
    calls = cut_into_calls(dice.permutation(len(rows)), call_rows)
    shown = choose_shown(len(rows), call_rows, dice)
    joined, places = with_other_futures(rows[shown], text, dice)
    own, seen = np.empty(rows.shape), np.empty(joined.shape)
    grading = ask(model, calls, rows, targets, vocab, own)
    rehearsal = cut_into_calls(np.arange(len(shown)), call_rows)
    for _ in zip_longest(grading, ask(witness, rehearsal, joined, targets[shown], vocab, seen)):
        pass
    check_witness(own[shown], seen, places)
    return own


def score_parts(bits, sizes):
    """Bits per byte of PARTS stretches of the text: how far they differ says how much a gain would differ on another text."""
    stretches = zip(np.array_split(bits, PARTS), np.array_split(sizes, PARTS))
    return [part.sum() / size.sum() for part, size in stretches if len(part) > 0]


def main(model, witness):
    split = os.environ.get("NOCTURNE_SPLIT") or "validation"
    if split not in texts.PRIVATE_SPLITS:
        raise ValueError(f"NOCTURNE_SPLIT must be validation or holdout, found {split!r}")
    windows, lengths, text = texts.load_windows(split)
    bits = score(model, witness, windows, text, len(lengths)).sum(axis=1)
    sizes = lengths[windows[:, 1:]].sum(axis=1, dtype=np.int64)
    parts = " ".join(f"{part:.5f}" for part in score_parts(bits, sizes))
    return f"val_bpb: {bits.sum() / sizes.sum():.6f}\nval_bpb_parts: {parts}"


if __name__ == "__main__":
    manifest = texts.read_manifest()
    command = [sys.executable, str(texts.HERE / "serve.py"), str(manifest["vocab"]), str(manifest["seq_len"])]
    apart.run(main, apart.Models(command, texts.weights_file()))
