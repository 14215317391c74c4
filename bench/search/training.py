"""What the objectives that really train have in common."""
import numpy as np


class Training:
    """Fits into memory whatever its settings; its true value is the mean over seeds that no search gets."""

    true_seeds = range(900001, 900006)

    def is_too_large(self, c):
        return False

    def true(self, c):
        return float(np.mean([self.value(c, seed) for seed in self.true_seeds]))
