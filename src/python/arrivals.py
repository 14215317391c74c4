"""When the first and the last output came that looks as a pattern says: by this clock, not by the script's own word."""
import re

KEPT_BYTES = 4096  # of a larger piece its beginning and its end are looked at


class Arrivals:
    """Is given all that a stage prints, as it comes. `clock` gives the moment, in any form."""

    def __init__(self, pattern, clock):
        self.pattern = re.compile(pattern.encode(), re.IGNORECASE) if pattern else None
        self.clock = clock
        self.rest = b""
        self.first = self.last = None

    def take(self, data):
        if self.pattern is None:
            return
        if len(data) > 2 * KEPT_BYTES:
            data = bytes(data[:KEPT_BYTES]) + b"\n" + bytes(data[-KEPT_BYTES:])
        text = self.rest + bytes(data)
        found = self.pattern.search(text)
        self.rest = last_line(text) if not found else b""
        if found:
            self.last = self.clock()
            self.first = self.first or self.last

    def report(self):
        return {"progress": {"first": self.first, "last": self.last}} if self.first else {}


def last_line(text):
    """The unfinished last line, of which the next piece may bring the rest."""
    return text[max(text.rfind(b"\n"), text.rfind(b"\r")) + 1 :][-256:]
