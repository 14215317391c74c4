"""Gathers the text that is learned from: finds or downloads it, splits it, turns it into tokens.

`prepare.py` calls this once per study. Documents are put on a side by the hash of their own
content, eight tenths train, one tenth validation, one tenth holdout, so no document is on two.
"""

import hashlib
import json
import os
import sys
import sysconfig
from pathlib import Path

import numpy as np

from download import DownloadError, fetch

VERSION = 1                     # raise it when the gathered text would change
PRIVATE_BYTES = 16 << 20        # more than this of validation or holdout is never read
DOCUMENT_BYTES = 1 << 16        # a plain file without any mark between documents is cut into these
BPE_SAMPLE_BYTES = 64 << 20     # what a byte-pair vocabulary is learned from
MIN_WINDOWS = 64                # scored windows; with fewer the score would be mostly chance
HUB = os.environ.get("HF_ENDPOINT", "https://huggingface.co").rstrip("/")
TINYSTORIES = "datasets/roneneldan/TinyStories/resolve/main/TinyStoriesV2-GPT4-train.txt"
CLIMBMIX = "datasets/karpathy/climbmix-400b-shuffle/resolve/main/shard_{:05d}.parquet"
SKIPPED_FOLDERS = {
    "__pycache__", "dist-packages", "encodings", "idle_test", "lib2to3", "pydoc_data",
    "site-packages", "test", "tests",
}


def cache_folder():
    """Where downloads stay from study to study."""
    base = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    folder = Path(base) / "nocturne" / "text"
    folder.mkdir(parents=True, exist_ok=True)
    return folder


# --- documents --------------------------------------------------------------------------------


def standard_library():
    """The source files of this Python's standard library, without tests and tables."""
    library = Path(sysconfig.get_path("stdlib"))
    found = []
    for folder, subfolders, names in os.walk(library):
        subfolders[:] = [name for name in subfolders if name not in SKIPPED_FOLDERS]
        for name in names:
            path = Path(folder, name)
            if name.endswith(".py") and not name.startswith("_sysconfigdata") and not path.is_symlink():
                found.append(path)
    for path in sorted(found, key=lambda each: each.relative_to(library).as_posix()):
        yield path.read_bytes()


def tiny_stories(say):
    """Short stories for children, two gigabytes: the first choice for a small GPU."""
    path = cache_folder() / "TinyStoriesV2-GPT4-train.txt"
    fetch(f"{HUB}/{TINYSTORIES}", path, say)
    yield from cut(path, b"<|endoftext|>")


def climb_mix(say, shards):
    """Web text in parquet shards of about 90 MB; reading them needs pyarrow."""
    try:
        import pyarrow.parquet as parquet
    except ImportError as error:
        raise DownloadError("climbmix comes as parquet files: run `pip install pyarrow`") from error
    for index in range(shards):
        path = cache_folder() / f"climbmix-{index:05d}.parquet"
        fetch(f"{HUB}/{CLIMBMIX.format(index)}", path, say)
        for batch in parquet.ParquetFile(path).iter_batches(columns=["text"]):
            for text in batch.column("text").to_pylist():
                yield text.encode()


def own_text(place):
    """A folder's text files, each a document, or one file cut into documents."""
    if place.is_dir():
        for path in sorted(path for path in place.rglob("*") if path.is_file()):
            content = path.read_bytes()
            if b"\0" not in content[:4096]:
                yield content
    elif place.is_file():
        yield from cut(place, b"<|endoftext|>")
    else:
        raise DownloadError(f"--data names {place}, which is no file and no folder")


def cut(path, mark):
    """A file's documents: what stands between the marks, or blocks that end with a line."""
    rest = b""
    with open(path, "rb") as file:
        while block := file.read(8 << 20):
            *whole, rest = (rest + block).split(mark)
            yield from whole
            while len(rest) > 4 * DOCUMENT_BYTES:
                end = rest.find(b"\n", DOCUMENT_BYTES) + 1 or DOCUMENT_BYTES
                yield rest[:end]
                rest = rest[end:]
    yield rest


def documents(name, say, shards):
    """The documents of `--data`; `auto` has been replaced by a name before."""
    if name == "stdlib":
        return standard_library()
    if name == "tinystories":
        return tiny_stories(say)
    if name == "climbmix":
        return climb_mix(say, shards)
    return own_text(Path(name).expanduser())


# --- splits -----------------------------------------------------------------------------------


def side_of(document):
    """Which split a document is on, and its hash, from the content alone."""
    digest = hashlib.sha256(document).digest()
    tenth = int.from_bytes(digest[:4], "big") % 10
    return {0: "validation", 1: "holdout"}.get(tenth, "train"), digest


def split(source, max_bytes):
    """The three splits as lists of documents, at most `max_bytes` of training text."""
    sides = {"train": [], "validation": [], "holdout": []}
    sizes = dict.fromkeys(sides, 0)
    seen = set()
    for document in source:
        document = document.strip(b"\n")
        side, digest = side_of(document)
        limit = max_bytes if side == "train" else PRIVATE_BYTES
        if not document or digest in seen or sizes[side] >= limit:
            if sizes["train"] >= max_bytes:
                break
            continue
        seen.add(digest)
        sides[side].append(document)
        sizes[side] += len(document) + 1
    return sides


# --- tokens -----------------------------------------------------------------------------------


def byte_tokens(sides):
    """A token is a byte; documents end with a newline."""
    return {
        side: np.frombuffer(b"".join(text + b"\n" for text in texts), dtype=np.uint8)
        for side, texts in sides.items()
    }, np.ones(256, dtype=np.uint8)


def pair_tokens(sides, size):
    """Byte pairs learned on the training text; the lengths say how many bytes each token stands for."""
    try:
        from tokenizers import Tokenizer, decoders, models, pre_tokenizers, trainers
    except ImportError as error:
        raise DownloadError("--bpe needs the tokenizers package: run `pip install tokenizers`") from error
    sides = {side: [text for text in texts if is_utf8(text)] for side, texts in sides.items()}
    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = decoders.ByteLevel()
    alphabet = pre_tokenizers.ByteLevel.alphabet()
    trainer = trainers.BpeTrainer(vocab_size=size, initial_alphabet=alphabet, show_progress=False)
    tokenizer.train_from_iterator(sample(sides["train"]), trainer)
    # The alphabet has one sign for each byte, so a token's length in signs is its length in bytes.
    lengths = np.array([len(tokenizer.id_to_token(token)) for token in range(tokenizer.get_vocab_size())])
    tokens = {}
    for side, texts in sides.items():
        readable = [text.decode() + "\n" for text in texts]
        encoded = tokenizer.encode_batch(readable)
        tokens[side] = np.concatenate([np.array(each.ids, dtype=np.uint16) for each in encoded])
    return tokens, lengths.astype(np.uint8)


def is_utf8(text):
    """Pairs are learned on characters; a document that is none would be counted in other bytes."""
    try:
        text.decode()
        return True
    except UnicodeDecodeError:
        return False


def sample(texts):
    taken = 0
    for text in texts:
        taken += len(text)
        if taken > BPE_SAMPLE_BYTES:
            return
        yield text.decode()


# --- on the disk ------------------------------------------------------------------------------


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
        draft.unlink(missing_ok=True)


def describe(asked, name, tokens, lengths, evaluation):
    files = {side: hashlib.sha256(array).hexdigest() for side, array in tokens.items()}
    return {
        "version": VERSION, "asked": asked, "data": name, "vocab": len(lengths),
        "dtype": str(tokens["train"].dtype), "files": files,
        "tokens": {side: len(array) for side, array in tokens.items()}, **evaluation,
    }


def read_finished(asked, folders):
    """The manifest when all was made for the same request and is whole, else None."""
    try:
        manifest = json.loads((folders["train"] / "manifest.json").read_text())
        if manifest["asked"] != asked or manifest["version"] != VERSION:
            return None
        for side, digest in manifest["files"].items():
            if hashlib.sha256((folders[side] / f"{side}.bin").read_bytes()).hexdigest() != digest:
                return None
    except (OSError, ValueError, KeyError):
        return None
    return manifest


def gather(asked, folders, say):
    """Makes the three files and their manifest; returns it. Raises a DownloadError."""
    name, sides = settle(asked, say)
    tokens, lengths = pair_tokens(sides, asked["bpe"]) if asked["bpe"] else byte_tokens(sides)
    room = min(len(array) for array in tokens.values()) // (asked["seq_len"] + 1)
    if room < MIN_WINDOWS:
        raise DownloadError(f"{name} has too little text: {room} windows of {asked['seq_len']} tokens on "
                            f"the smallest side, {MIN_WINDOWS} needed")
    evaluation = {"seq_len": asked["seq_len"], "windows": min(asked["windows"], room)}
    for side, folder in folders.items():
        folder.mkdir(parents=True, exist_ok=True)
        write_whole(folder / f"{side}.bin", tokens[side].tobytes())
    write_whole(folders["train"] / "lengths.bin", lengths.tobytes())
    manifest = describe(asked, name, tokens, lengths, evaluation)
    # Last, so that a manifest never vouches for files that were not finished.
    write_whole(folders["train"] / "manifest.json", json.dumps(manifest, indent=1).encode())
    return manifest


def settle(asked, say):
    """The data's name and its documents; `auto` falls back on what needs no download."""
    max_bytes, shards = asked["megabytes"] << 20, max(1, asked["megabytes"] // 180)
    if asked["data"] != "auto":
        return asked["data"], split(documents(asked["data"], say, shards), max_bytes)
    name = "tinystories" if asked["gpu"] else "stdlib"
    try:
        return name, split(documents(name, say, shards), max_bytes)
    except DownloadError as error:
        say(f"{error}; using the standard library's source text instead")
        return "stdlib", split(documents("stdlib", say, shards), max_bytes)


if __name__ == "__main__":
    sys.exit("run `python prepare.py`")
