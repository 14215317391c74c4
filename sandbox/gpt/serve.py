"""The candidate's side of the grade: answers score.py's questions with the run's own model and weights. It knows nothing of
the split or of what becomes of its answers. Experiments never change this file, only the model that it asks.
"""

import sys

import prepare

# isort: split
import apart
import torch


def load():
    """From tokens (B, T) to logits (B, T, vocab)."""
    sys.dont_write_bytecode = True  # a train.py edited within the same second must be read anew
    vocab, length = int(sys.argv[1]), int(sys.argv[2])
    weights = prepare.load_weights()
    from train import build_model

    device = prepare.find_device()
    model = build_model(vocab, length).to(device)
    model.load_state_dict(weights)
    model.eval()

    @torch.no_grad()
    def answer(tokens):
        return model(torch.from_numpy(tokens).to(device)).float().cpu().numpy()

    return answer


if __name__ == "__main__":
    apart.serve(load)
