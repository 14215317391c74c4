"""Grades the weights of one run: `python score.py` prints val_bpb, the bits per byte on held-out
text. NOCTURNE_SPLIT picks the text: validation (default) or holdout. Experiments never change
this file. It imports the run's own model, so it guards against mistakes, not malice.
"""

import math
import os
import sys

import prepare

# isort: split
import numpy as np
import torch

CALL_TOKENS = 1 << 14       # tokens in one call of the model
PROBES = 4                  # places at which the model is shown another future
PARTS = 16                  # stretches of the text that are also graded by themselves
TOLERANCE = 0.02            # largest change of a logit that arithmetic alone may make


def check_shape(logits, tokens, vocab):
    expected = (*tokens.shape, vocab)
    if tuple(logits.shape) != expected:
        raise ValueError(f"the model must return logits of shape {expected}, found {tuple(logits.shape)}")
    if not torch.isfinite(logits).all():
        raise ValueError("logits must be finite")


def check_causality(model, tokens, vocab):
    """A model that looks ahead reads the answer: another future must leave the past as it was."""
    generator = torch.Generator().manual_seed(0)
    before = model(tokens).float()
    for place in torch.linspace(1, tokens.shape[1] - 1, PROBES).long().tolist():
        future = torch.randint(vocab, (len(tokens), tokens.shape[1] - place), generator=generator)
        changed = torch.cat([tokens[:, :place], future.to(tokens.device)], dim=1)
        moved = (model(changed).float()[:, :place] - before[:, :place]).abs().max().item()
        if moved > TOLERANCE:
            raise ValueError(f"the model looks ahead: logits before token {place} change by {moved:.3f} "
                             "with what comes after")


def score(model, windows, lengths, device):
    """Bits per byte of the text and of PARTS stretches of it: the model's nats for each target token, over the
    bytes that the targets stand for. How far the parts differ says how much a gain would differ on another text."""
    vocab = len(lengths)
    rows = max(1, CALL_TOKENS // (windows.shape[1] - 1))
    nats = []
    for start in range(0, len(windows), rows):
        part = torch.from_numpy(windows[start:start + rows]).to(device)
        logits = model(part[:, :-1]).float()
        if start == 0:
            check_shape(logits, part[:, :-1], vocab)
            check_causality(model, part[:4, :-1], vocab)
        targets = part[:, 1:].reshape(-1)
        losses = torch.nn.functional.cross_entropy(logits.reshape(-1, vocab), targets, reduction="none")
        nats.append(losses.reshape(len(part), -1).cpu().double().sum(dim=1).numpy())
    bits = np.concatenate(nats) / math.log(2.0)
    if not np.isfinite(bits).all():
        raise ValueError("logits must be finite")
    sizes = lengths[windows[:, 1:]].sum(axis=1, dtype=np.int64)
    stretches = zip(np.array_split(bits, PARTS), np.array_split(sizes, PARTS))
    return bits.sum() / sizes.sum(), [part.sum() / size.sum() for part, size in stretches if len(part) > 0]


def main(output):
    split = os.environ.get("NOCTURNE_SPLIT") or "validation"
    if split not in prepare.gather.PRIVATE_SPLITS:
        raise ValueError(f"NOCTURNE_SPLIT must be validation or holdout, found {split!r}")
    windows, lengths = prepare.load_windows(split)
    sys.dont_write_bytecode = True  # a train.py edited within the same second must be read anew
    from train import build_model

    device = prepare.find_device()
    model = build_model(len(lengths), windows.shape[1] - 1).to(device)
    model.load_state_dict(prepare.load_weights())
    model.eval()
    with torch.no_grad():
        bits, parts = score(model, windows, lengths, device)
    output.write(f"---\nval_bpb: {bits:.6f}\nval_bpb_parts: {' '.join(f'{part:.5f}' for part in parts)}\n")
    output.flush()


def explain(error):
    """One sentence for whatever went wrong."""
    if isinstance(error, SystemExit) and isinstance(error.code, str):
        return error.code
    return f"{type(error).__name__}: {' '.join(str(error).split())[:500]}"


if __name__ == "__main__":
    # What train.py prints goes to the error output, so the block stands alone on this one.
    own_output = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)
    try:
        main(own_output)
    except (Exception, SystemExit) as error:  # noqa: BLE001 - train.py may raise anything
        print(f"score.py: {explain(error)}", file=sys.stderr)
        sys.exit(1)
