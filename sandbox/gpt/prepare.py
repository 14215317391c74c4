"""The fixed side of the gpt sandbox: data, batches, clock, log lines, saved weights, summary.

`python prepare.py` gathers the text once (`--help` says from where); train.py and score.py import
the rest from here. Experiments never change this file.
"""

import argparse
import os
import sys
import time
from pathlib import Path

# Waiting threads sleep: spinning ones starve each other on a machine that does something else too
# (measured on two busy cores: ten times the steps). Read while torch is imported, so set before.
os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")
os.environ.setdefault("GOMP_SPINCOUNT", "0")
try:
    import numpy as np
    import torch
except ImportError as missing:
    sys.exit(f"{missing.name} is missing: run `pip install -r requirements.txt`")

import gather
from texts import (data_folder, make_folder, private_folder, read_manifest, read_tokens, run_folder,
                   weights_file)

# --- settings ---------------------------------------------------------------------------------

SMOKE_SECONDS = 2.0     # budget under SMOKE=1
PROGRESS_LINES = 64     # lines printed over one run
UNCOUNTED_STEPS = 3     # compiling and warming up happen in these, and are not charged ...
UNCOUNTED_SECONDS = 180 # ... but for longer than this they are
PEAK_TFLOPS = {         # dense, in the type that training uses there; for the share of it reached
    "T4": 65, "L4": 121, "A10": 125, "A100": 312, "V100": 125, "H100": 989, "H200": 989,
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
BUDGET_SECONDS = read_number("NOCTURNE_BUDGET_SECONDS", 300, float, 0.01)
if os.environ.get("SMOKE") == "1":
    BUDGET_SECONDS = min(BUDGET_SECONDS, SMOKE_SECONDS)

# --- device -----------------------------------------------------------------------------------


def find_device():
    """CUDA, else Apple's MPS, else the CPU."""
    if torch.cuda.is_available():
        return torch.device("cuda")
    if torch.backends.mps.is_available():
        return torch.device("mps")
    return torch.device("cpu")


def compute_type(device):
    """bfloat16 where the hardware has it (an emulated one is slower than none), float16 on older
    GPUs, float32 elsewhere."""
    if device.type != "cuda":
        return torch.float32
    return torch.bfloat16 if torch.cuda.get_device_capability() >= (8, 0) else torch.float16


# --- data -------------------------------------------------------------------------------------


def load_train(device):
    """All training tokens on the device, and what is said of them (vocab, seq_len)."""
    manifest = read_manifest()
    tokens = read_tokens(data_folder(), "train", manifest)
    wide = tokens if manifest["dtype"] == "uint8" else tokens.astype(np.int32)
    return torch.from_numpy(wide).to(device), manifest


def sample_batch(tokens, generator, rows, length):
    """Inputs and targets (rows, length) from random places, the target one token further on."""
    starts = torch.randint(len(tokens) - length, (rows, 1), generator=generator, device=tokens.device)
    windows = tokens[starts + torch.arange(length + 1, device=tokens.device)].long()
    return windows[:, :-1], windows[:, 1:]


# --- clock ------------------------------------------------------------------------------------

WALL_START = time.perf_counter()
clock = {"calls": 0, "start": WALL_START}


def training_seconds():
    """Wall seconds of training, without the first steps, which compile."""
    return time.perf_counter() - clock["start"]


def progress():
    """The fraction of the budget that is used up, from 0 to 1; call it once before each step."""
    if torch.cuda.is_available():
        torch.cuda.synchronize()
    if clock["calls"] <= UNCOUNTED_STEPS:
        clock["calls"] += 1
        now = time.perf_counter()
        clock["start"] = max(clock["start"], min(now, WALL_START + UNCOUNTED_SECONDS))
    return min(1.0, training_seconds() / BUDGET_SECONDS)


# --- log, weights, summary --------------------------------------------------------------------


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


def save_weights(model):
    """Writes the parameters and buffers to weights.npz in the run's folder, never as pickles."""
    make_folder(run_folder())
    draft = run_folder() / "weights.tmp.npz"
    arrays = {name: value.detach().float().cpu().numpy() for name, value in model.state_dict().items()}
    np.savez(draft, **arrays)
    os.replace(draft, draft.with_name("weights.npz"))


def load_weights():
    with np.load(weights_file(), allow_pickle=False) as archive:
        return {name: torch.from_numpy(archive[name]) for name in archive.files}


def peak_memory_mb():
    """The most that the GPU held, or without one this process. ru_maxrss would count the parent's."""
    if torch.cuda.is_available():
        return torch.cuda.max_memory_allocated() / 2**20
    try:
        return int(Path("/proc/self/status").read_text().split("VmHWM:")[1].split()[0]) / 1024
    except (OSError, IndexError):
        import resource

        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        return peak / (2**20 if sys.platform == "darwin" else 1024)


def share_of_peak(flops_per_second):
    """Reached share of the GPU's peak in percent, or None where the peak is not known."""
    if not torch.cuda.is_available():
        return None
    words = torch.cuda.get_device_name().replace("-", " ").split()
    peak = next((PEAK_TFLOPS[word] for word in words if word in PEAK_TFLOPS), None)
    return None if peak is None else 100 * flops_per_second / (peak * 1e12)


def print_summary(seconds, steps, counted_tokens, all_tokens, model, flops_per_token):
    """The block that ends a run. It holds no score: score.py gives that."""
    print("---")
    print(f"training_seconds: {seconds:.2f}")
    print(f"total_seconds: {time.perf_counter() - WALL_START:.2f}")
    print(f"peak_memory_mb: {peak_memory_mb():.1f}")
    share = share_of_peak(flops_per_token * counted_tokens / seconds)
    if share is not None:
        print(f"mfu_percent: {share:.2f}")
    print(f"tokens_per_second: {counted_tokens / seconds:.0f}")
    print(f"total_tokens_M: {all_tokens / 1e6:.3f}")
    print(f"num_steps: {steps}")
    print(f"num_params_M: {sum(each.numel() for each in model.parameters()) / 1e6:.3f}", flush=True)


# --- preparing --------------------------------------------------------------------------------


def read_arguments():
    parser = argparse.ArgumentParser(description="Gathers the text once.")
    parser.add_argument("--data", default="auto", metavar="SOURCE",
                        help="auto, stdlib, tinystories, climbmix, or a file or folder of text; "
                             "auto is tinystories with a GPU, else stdlib")
    parser.add_argument("--bpe", type=int, default=0, metavar="N",
                        help="learn a byte-pair vocabulary of N tokens; 0: a token is a byte")
    parser.add_argument("--megabytes", type=int, default=512, help="most training text to keep")
    parser.add_argument("--seq-len", type=int, default=0, metavar="N",
                        help="tokens in a window; 0: by device, 256 on a CPU, up to 1024 on a GPU")
    return parser.parse_args()


def check_arguments(given):
    if given.bpe and not 300 <= given.bpe <= 65536:
        sys.exit(f"--bpe must be 0 or from 300 to 65536, found {given.bpe}")
    if given.megabytes < 1 or given.seq_len < 0:
        sys.exit("--megabytes must be at least 1 and --seq-len at least 0")


def window_length(device):
    if device.type != "cuda":
        return 256
    return 1024 if torch.cuda.get_device_capability() >= (8, 0) else 512


def main():
    given = read_arguments()
    check_arguments(given)
    device = find_device()
    length = given.seq_len or window_length(device)
    # Every logit of them is brought from the model to the scorer, so a large vocabulary has fewer.
    scored_tokens = min(2**21 if device.type == "cuda" else 2**17, 2**30 // (given.bpe or 256))
    asked = {"data": given.data, "bpe": given.bpe, "megabytes": given.megabytes, "seq_len": length,
             "gpu": device.type == "cuda", "windows": max(1, scored_tokens // length)}
    private = private_folder()
    folders = {"train": data_folder(), "validation": private, "holdout": private}
    manifest = gather.read_finished(asked, folders)
    word = "cached"
    if manifest is None:
        word = "made"
        for folder in folders.values():
            make_folder(folder)
        manifest = gather.gather(asked, folders, lambda line: print(line, flush=True))
    sizes = ", ".join(f"{side} {count:,}" for side, count in manifest["tokens"].items())
    print(f"{word}: {manifest['data']}, tokens of {manifest['vocab']} kinds: {sizes}; "
          f"{manifest['windows']} scored windows of {manifest['seq_len']}")


if __name__ == "__main__":
    try:
        main()
    except (OSError, gather.DownloadError) as error:
        sys.exit(f"the data could not be prepared: {error}")
