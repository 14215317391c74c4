"""What the objectives that really train have in common."""
import numpy as np


class Training:
    """Fits into memory whatever its settings; its true value is the mean over seeds that no search gets."""

    true_seeds = range(900001, 900006)

    def is_too_large(self, c):
        return False

    def true(self, c):
        return float(np.mean([self.value(c, seed) for seed in self.true_seeds]))


def digits():
    """Scikit-learn's digits, each 64 numbers from 0 to 1, with their labels: 700 to train on and the others to test with."""
    from sklearn.datasets import load_digits

    x, y = load_digits(return_X_y=True)
    order = np.random.RandomState(0).permutation(len(x))
    x, y = x[order] / 16.0, y[order]
    return (x[:700], y[:700]), (x[700:], y[700:])
