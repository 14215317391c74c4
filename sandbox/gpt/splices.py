"""Rows with another future, to tell a model that looks ahead: the text goes on as it does elsewhere behind the same last
tokens, so that no row shows that it was joined. Experiments never change this file.
"""

import numpy as np

POOL = 1 << 17            # tokens among which the other futures are looked for
JOINTS = (6, 4, 2, 1)     # tokens that agree at a joint; the longest that is found is taken
MULTIPLIER = np.uint64(0x9E3779B97F4A7C15)


class Splicer:
    """Finds other futures in a stretch of the tokens."""

    def __init__(self, tokens, dice):
        begin = int(dice.integers(0, max(1, len(tokens) - POOL + 1)))
        self.pool = tokens[begin : begin + POOL].astype(np.int64)
        self.dice = dice
        self.sorted = {}

    def splice(self, row):
        """The row with another future, and the place where that begins."""
        for size in JOINTS:
            found = self.find(row, size)
            if found is not None:
                place, other = found
                return np.concatenate([row[:place], self.pool[other : other + len(row) - place]]), place
        place = int(self.dice.integers(1, len(row)))
        return np.concatenate([row[:place], self.dice.permutation(row[place:])]), place

    def find(self, row, size):
        """A place in the row, and one in the pool, behind the same tokens and before different ones."""
        order, codes = self.index(size)
        own = codes_of(row, size)[:-1]    # the last stretch has nothing behind it
        first = np.searchsorted(codes, own)
        known = np.flatnonzero(codes[np.minimum(first, len(codes) - 1)] == own)
        for at in self.dice.permutation(known)[:16]:
            place = int(at) + size
            last = int(np.searchsorted(codes, own[at], side="right"))
            other = int(order[self.dice.integers(first[at], last)]) + size
            fits = other + len(row) - place <= len(self.pool)
            if fits and self.pool[other] != row[place]:
                return place, other
        return None

    def index(self, size):
        if size not in self.sorted:
            codes = codes_of(self.pool, size)
            order = np.argsort(codes)
            self.sorted[size] = order, codes[order]
        return self.sorted[size]


def codes_of(tokens, size):
    """A number for each stretch of so many tokens, in order."""
    count = len(tokens) - size + 1
    codes = np.zeros(count, np.uint64)
    for at in range(size):
        codes = codes * MULTIPLIER + tokens[at : at + count].astype(np.uint64)
    return codes
