"""The fixed side: the text, the time budget, and the evaluation on its last part."""
import math
import sysconfig
from pathlib import Path

TIME_BUDGET = 1  # seconds
MAX_ORDER = 3
GRADED_BYTES = 50_000


def load_text():
    """The source of some modules of this Python's standard library, 600 KB of it."""
    library = Path(sysconfig.get_path("stdlib"))
    files = sorted(path for path in library.glob("*.py") if not path.name.startswith("_sysconfigdata"))
    return b"\n".join(path.read_bytes() for path in files)[:600_000]


def training_text():
    return load_text()[:-GRADED_BYTES]


def evaluate_bpb(share):
    """Bits per byte of the last part of the text; `share` gives the share of a byte behind a context."""
    text = load_text()[-GRADED_BYTES - MAX_ORDER :]
    bits = 0.0
    for place in range(MAX_ORDER, len(text)):
        bits -= math.log2(share(text[place - MAX_ORDER : place], text[place]))
    return bits / (len(text) - MAX_ORDER)
