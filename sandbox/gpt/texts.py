"""Where the gathered text lies, and the windows of it that are scored. It needs no torch, so score.py can do without.

Experiments never change this file.
"""

import json
import os
import sys
from pathlib import Path

import numpy as np

HERE = Path(__file__).resolve().parent
PRIVATE_SPLITS = ("validation", "holdout")

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


def weights_file():
    path = run_folder() / "weights.npz"
    if not path.is_file():
        sys.exit(f"{path} is missing: run `python train.py` first")
    return path


# --- text -------------------------------------------------------------------------------------


def read_manifest():
    """What `python prepare.py` made; without it there is nothing to train on."""
    try:
        return json.loads((data_folder() / "manifest.json").read_text())
    except OSError:
        sys.exit(f"{data_folder() / 'manifest.json'} is missing: run `python prepare.py` first")


def read_tokens(folder, split, manifest):
    return np.fromfile(folder / f"{split}.bin", dtype=manifest["dtype"])


def load_windows(split):
    """The scored windows (windows, seq_len + 1), evenly spread over a split; bytes per token; the split's tokens."""
    manifest = read_manifest()
    tokens = read_tokens(private_folder(), split, manifest)
    length = manifest["seq_len"] + 1
    starts = np.linspace(0, len(tokens) - length, manifest["windows"]).astype(np.int64)
    lengths = np.fromfile(data_folder() / "lengths.bin", dtype=np.uint8)
    return tokens[starts[:, None] + np.arange(length)].astype(np.int64), lengths, tokens
