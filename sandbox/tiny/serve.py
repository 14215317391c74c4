"""The candidate's side of the grade: answers score.py's questions with the run's own model and weights. It sees neither
targets nor private text. Experiments never change this file, only the function that it asks.
"""

import sys

# prepare comes before numpy: it limits numpy to one thread.
import prepare

# isort: split
import apart


def load():
    """From contexts (B, MAX_CONTEXT) of bytes to logits (B, VOCAB)."""
    sys.dont_write_bytecode = True  # a train.py edited within the same second must be read anew
    weights = prepare.load_weights()
    from train import logits

    return lambda contexts: logits(weights, contexts)


if __name__ == "__main__":
    apart.serve(load)
