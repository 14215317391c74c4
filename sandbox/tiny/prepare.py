"""The fixed side of the tiny sandbox: data, batches, clock, log lines and saved weights.

`python prepare.py` gathers the text once; train.py and score.py import the rest from here.
Experiments never change this file.
"""

import hashlib
import json
import os
import sys
import sysconfig
import time
from pathlib import Path

# One thread, so that CPU seconds mean the same work on every machine. The libraries read these
# variables while numpy is being imported, so they must be set before.
THREAD_VARIABLES = (
    "OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "BLIS_NUM_THREADS",
    "VECLIB_MAXIMUM_THREADS", "NUMEXPR_NUM_THREADS",
)
if "numpy" in sys.modules and any(os.environ.get(name) != "1" for name in THREAD_VARIABLES):
    sys.exit("import prepare before numpy: prepare limits numpy to one thread")
os.environ.update({name: "1" for name in THREAD_VARIABLES})
try:
    import numpy as np
except ImportError:
    sys.exit("numpy is missing: run `pip install -r requirements.txt`")

# glibc gives freed blocks of 128 KiB and more back to the kernel until it has seen a larger one
# freed. A batch of activations is just that size, and page faults would cost 40 % of the steps.
np.empty(30 << 20, np.uint8)

HERE = Path(__file__).resolve().parent

# --- fixed settings ---------------------------------------------------------------------------

VERSION = 1  # raise it when the gathered text would change
VOCAB = 256  # a token is a byte
MAX_CONTEXT = 64  # bytes that the scorer shows before each scored byte
SCORED_BYTES = 64  # scored bytes per window
WINDOWS = 512  # windows per private split
SMOKE_SECONDS = 0.5  # budget under SMOKE=1
PROGRESS_LINES = 32  # lines printed over one run
PRIVATE_SPLITS = ("validation", "holdout")
SKIPPED_FOLDERS = {
    "__pycache__", "dist-packages", "encodings", "idle_test", "lib2to3", "pydoc_data",
    "site-packages", "test", "tests",
}


def read_number(variable, default, convert, smallest):
    """The number in an environment variable; an unusable one ends the program."""
    text = os.environ.get(variable, "").strip() or str(default)
    try:
        number = convert(text)
    except ValueError:
        number = None
    if number is None or not smallest <= number < float("inf"):
        sys.exit(f"{variable} must be a number of at least {smallest}, found {text!r}")
    return number


SEED = read_number("NOCTURNE_SEED", 1, int, 0)
BUDGET_SECONDS = read_number("NOCTURNE_BUDGET_SECONDS", 8, float, 0.01)
if os.environ.get("SMOKE") == "1":
    BUDGET_SECONDS = min(BUDGET_SECONDS, SMOKE_SECONDS)

# --- folders ----------------------------------------------------------------------------------


def folder_of(variable, name):
    """The folder in an environment variable, else one beside this file."""
    return Path(os.environ.get(variable) or HERE / name)


def data_folder():
    return folder_of("NOCTURNE_DATA_DIR", "data")


def private_folder():
    """Where validation and holdout lie; a training run is not told."""
    if os.environ.get("NOCTURNE_DATA_DIR") and not os.environ.get("NOCTURNE_PRIVATE_DIR"):
        sys.exit("NOCTURNE_PRIVATE_DIR is not set: only preparing and scoring see that data")
    return folder_of("NOCTURNE_PRIVATE_DIR", "private")


def run_folder():
    return folder_of("NOCTURNE_RUN_DIR", "run")


def make_folder(folder):
    """Makes the folder; one that lies beside this file is hidden from git."""
    folder.mkdir(parents=True, exist_ok=True)
    if folder.parent == HERE:
        (folder / ".gitignore").write_text("*\n")


def write_whole(path, content):
    """Puts the bytes under their name all at once: a reader sees the old file or the new one."""
    draft = path.with_name(f"{path.name}.{os.getpid()}.tmp")
    try:
        with open(draft, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        os.replace(draft, path)
    finally:
        if draft.exists():
            draft.unlink()


# --- gathering the text -----------------------------------------------------------------------


def library_files():
    """The standard library's own .py files in sorted order, without tests and tables."""
    library = Path(sysconfig.get_path("stdlib"))
    found = []
    for folder, subfolders, names in os.walk(library):
        subfolders[:] = [name for name in subfolders if name not in SKIPPED_FOLDERS]
        for name in names:
            path = Path(folder, name)
            generated = name.startswith("_sysconfigdata")
            if name.endswith(".py") and not generated and not path.is_symlink():
                found.append(path)
    return sorted(found, key=lambda path: path.relative_to(library).as_posix())


def gather():
    """The three splits as bytes: eight tenths of the files, one tenth, one tenth."""
    parts = {"train": [], "validation": [], "holdout": []}
    seen = set()
    for path in library_files():
        text = path.read_bytes()
        digest = hashlib.sha256(text).digest()
        if text and digest not in seen:
            seen.add(digest)
            # The content alone decides, so no file is on two sides, whatever it is called.
            tenth = int.from_bytes(digest[:4], "big") % 10
            split = {0: "validation", 1: "holdout"}.get(tenth, "train")
            parts[split].append(text)
    return {split: b"\n".join(texts) for split, texts in parts.items()}


def describe(splits):
    """The manifest that both folders carry: which files belong together, and their hashes."""
    files = {
        f"{split}.bin": {"bytes": len(text), "sha256": hashlib.sha256(text).hexdigest()}
        for split, text in splits.items()
    }
    return {"version": VERSION, "python": sys.version.split()[0], "files": files}


def read_finished(folders):
    """The manifest when all three files are there, whole and made together, else None."""
    try:
        manifests = [
            json.loads((folder / "manifest.json").read_text())
            for folder in (folders["train"], folders["holdout"])
        ]
        found = describe({split: (folder / f"{split}.bin").read_bytes()
                          for split, folder in folders.items()})
    except (OSError, ValueError):
        return None
    agree = manifests[0] == manifests[1] and isinstance(manifests[0], dict)
    same = agree and all(manifests[0].get(key) == found[key] for key in ("version", "files"))
    return manifests[0] if same else None


def prepare():
    """Makes the data unless it is there, and says in one line what there is."""
    private = private_folder()
    folders = {"train": data_folder(), "validation": private, "holdout": private}
    manifest = read_finished(folders)
    word = "cached"
    if manifest is None:
        word = "made"
        splits = gather()
        least = WINDOWS * (MAX_CONTEXT + SCORED_BYTES)
        if any(len(text) < least for text in splits.values()):
            sys.exit(
                "this Python has too little standard library source in "
                f"{sysconfig.get_path('stdlib')} (stripped or zipped?): "
                "use a Python that ships its .py files"
            )
        manifest = describe(splits)
        for split, folder in folders.items():
            make_folder(folder)
            write_whole(folder / f"{split}.bin", splits[split])
        # Last, so that a manifest never vouches for files that were not finished.
        for folder in (private, folders["train"]):
            write_whole(folder / "manifest.json", json.dumps(manifest, indent=1).encode())
    if read_reference() is None:
        measured = json.dumps({"seconds": measure_reference()})
        write_whole(data_folder() / "reference.json", measured.encode())
    sizes = ", ".join(
        f"{name[:-4]} {entry['bytes']:,} bytes" for name, entry in manifest["files"].items()
    )
    print(f"{word}: {sizes} (standard library of Python {manifest['python']})")


# --- loading ----------------------------------------------------------------------------------


def read_split(folder, split):
    path = folder / f"{split}.bin"
    if not path.is_file():
        sys.exit(f"{path} is missing: run `python prepare.py` first")
    return np.fromfile(path, dtype=np.uint8)


def load_train():
    """All training bytes as one uint8 array."""
    return read_split(data_folder(), "train")


def sample_batch(data, rng, batch_size, context):
    """Contexts (batch_size, context) from random places, and the byte that follows each."""
    starts = rng.integers(0, len(data) - context, size=batch_size)
    windows = data[starts[:, None] + np.arange(context + 1)]
    return windows[:, :-1], windows[:, -1]


def load_windows(split):
    """The scored windows (WINDOWS, MAX_CONTEXT + SCORED_BYTES), evenly spread over a split."""
    data = read_split(private_folder(), split)
    length = MAX_CONTEXT + SCORED_BYTES
    starts = np.linspace(0, len(data) - length, WINDOWS).astype(np.int64)
    return data[starts[:, None] + np.arange(length)]


# --- clock ------------------------------------------------------------------------------------

# A CPU second is not always the same work: programs that share the caches, the memory or the core take up
# to a third of it. So the budget is counted in seconds of a reference speed: every CPU second counts as
# much as the machine does in it of a fixed piece of work, which is timed between the steps. How long that
# piece takes is measured once, by `python prepare.py`, and kept with the data that all runs share.
TIMING_INTERVAL = 0.025  # CPU seconds of training between two timings
WARMING_TIMINGS = 2  # not counted: a large model's step leaves the caches full of its own data
TIMING_MEMORY = 16  # timings that the present speed is averaged over
SPEED_LIMITS = (0.5, 2.0)  # a machine slower or faster than this is not made up for
SETTLING_TIMINGS = 20
REFERENCE_TIMINGS = 400


class ReferenceWork:
    """A training step of a small fixed network, about half a millisecond: the kinds of work that a
    run does (drawing a batch, small products, elementwise functions, scattered sums)."""

    def __init__(self):
        self.rng = np.random.default_rng(0)
        self.text = self.rng.integers(0, VOCAB, 1 << 22, dtype=np.uint8)
        shapes = {"embed": (VOCAB, 8), "w": (32, 128), "w_out": (128, VOCAB)}
        self.weights = {name: 0.1 * self.rng.standard_normal(shape, dtype=np.float32)
                        for name, shape in shapes.items()}

    def seconds(self):
        """Does it once; the CPU seconds that it took."""
        began = time.process_time()
        self.step(*sample_batch(self.text, self.rng, 64, 4))
        return time.process_time() - began

    def step(self, contexts, targets):
        embed, w, w_out = self.weights.values()
        inputs = embed[contexts].reshape(len(contexts), -1)
        hidden = np.tanh(inputs @ w)
        scores = hidden @ w_out
        delta = np.exp(scores - scores.max(axis=1, keepdims=True))
        delta /= delta.sum(axis=1, keepdims=True)
        delta[np.arange(len(targets)), targets] -= 1.0
        back = (delta @ w_out.T) * (1.0 - hidden * hidden)
        scattered = np.zeros_like(embed)
        np.add.at(scattered, contexts, (back @ w.T).reshape(*contexts.shape, -1))
        for weight, gradient in ((w_out, hidden.T @ delta), (w, inputs.T @ back), (embed, scattered)):
            weight -= 1e-6 * gradient


def measure_reference():
    """The CPU seconds of the reference work here: the mean of the middle half of many timings."""
    work = ReferenceWork()
    timings = sorted([work.seconds() for _ in range(SETTLING_TIMINGS + REFERENCE_TIMINGS)][SETTLING_TIMINGS:])
    middle = timings[len(timings) // 4 : -len(timings) // 4]
    return sum(middle) / len(middle)


def read_reference():
    """What `python prepare.py` measured; None where it was not run, then CPU seconds count as they are."""
    try:
        seconds = json.loads((data_folder() / "reference.json").read_text())["seconds"]
        return seconds if 0.0 < seconds < 1.0 else None
    except (OSError, ValueError, KeyError, TypeError):
        return None


class BudgetClock:
    """CPU seconds since numpy was loaded (importing it is not charged), at the reference speed. The
    timings themselves, 4 % of the time, are not charged either."""

    def __init__(self):
        self.counted = time.process_time()
        self.seconds = 0.0
        self.charged = 0.0
        self.speed = 1.0
        self.mean = 0.0
        self.timings = 0
        self.reference = read_reference()
        self.work = None

    def read(self):
        """The seconds of the budget that are used up."""
        elapsed = time.process_time() - self.counted
        if self.reference is None:
            return elapsed
        if elapsed >= TIMING_INTERVAL:
            self.charged += elapsed
            self.seconds += elapsed * self.measure_speed(elapsed)
            self.counted = time.process_time()
            elapsed = 0.0
        return self.seconds + elapsed * self.speed

    def mean_speed(self):
        """How fast the machine was so far, as a share of the reference speed."""
        return self.seconds / self.charged if self.charged > 0.0 else 1.0

    def measure_speed(self, elapsed):
        """The mean speed of late, after as many timings as the time that passed is worth."""
        self.work = self.work or ReferenceWork()
        for _ in range(WARMING_TIMINGS):
            self.work.seconds()
        for _ in range(min(8, int(elapsed / TIMING_INTERVAL))):
            self.timings += 1
            took = self.work.seconds()
            share = 1.0 / min(self.timings, TIMING_MEMORY)
            self.mean += share * (took - self.mean)
        slowest, fastest = SPEED_LIMITS
        self.speed = min(fastest, max(slowest, self.reference / self.mean))
        return self.speed


WALL_START = time.perf_counter()
CLOCK = BudgetClock()


def seconds_used():
    """Seconds of the budget used up so far: CPU seconds of all threads, at the reference speed."""
    return CLOCK.read()


def progress():
    """The fraction of the budget that is used up, from 0 to 1."""
    return min(1.0, seconds_used() / BUDGET_SECONDS)


# --- log and weights --------------------------------------------------------------------------


class ProgressLog:
    """Prints the mean loss since the last line, PROGRESS_LINES times over the budget."""

    def __init__(self):
        self.lines = 0
        self.losses = []

    def add(self, step, loss, done):
        self.losses.append(loss)
        if done * PROGRESS_LINES >= self.lines:
            mean = sum(self.losses) / len(self.losses)
            print(f"step={step} loss={mean:.4f} progress={done:.3f}", flush=True)
            self.lines = int(done * PROGRESS_LINES) + 1
            self.losses = []


def save_weights(weights):
    """Writes the arrays to weights.npz in the run's folder, never as pickles."""
    for name, value in weights.items():
        if np.asarray(value).dtype.hasobject:
            sys.exit(f"weight {name!r} must be an array of numbers to be saved")
    make_folder(run_folder())
    draft = run_folder() / "weights.tmp.npz"
    np.savez(draft, **weights)
    os.replace(draft, draft.with_name("weights.npz"))


def load_weights():
    path = run_folder() / "weights.npz"
    if not path.is_file():
        sys.exit(f"{path} is missing: run `python train.py` first")
    with np.load(path, allow_pickle=False) as archive:
        return {name: archive[name] for name in archive.files}


def peak_memory_mb():
    """The most memory this process held. Linux's ru_maxrss would count the parent's too."""
    try:
        status = Path("/proc/self/status").read_text()
        return int(status.split("VmHWM:")[1].split()[0]) / 1024
    except (OSError, IndexError):
        import resource

        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        return peak / (1024 * 1024 if sys.platform == "darwin" else 1024)


def print_summary(training_seconds, steps, weights):
    """The block that ends a run. It holds no score: score.py gives that."""
    print("---")
    print(f"training_seconds: {training_seconds:.2f}")
    print(f"reference_speed: {CLOCK.mean_speed():.3f}")
    print(f"total_seconds: {time.perf_counter() - WALL_START:.2f}")
    print(f"peak_memory_mb: {peak_memory_mb():.1f}")
    print(f"num_steps: {steps}")
    print(f"num_params: {sum(np.size(value) for value in weights.values())}", flush=True)


if __name__ == "__main__":
    try:
        prepare()
    except OSError as error:
        sys.exit(f"the data could not be prepared: {error}")
