"""Says what a run of this interpreter has: processors, memory, and which of some packages; prints one JSON object.

    python describe_machine.py numpy torch ...

Nothing is imported but the standard library: a package is looked for as an import would, and its version is what its
installation says. The CUDA that torch was built for stands in its version.py, which is read as text.
"""
import json
import os
import platform
import re
import sys
from importlib import metadata, util

# What is imported under a name is often installed under another.
INSTALLED_AS = {
    "sklearn": ["scikit-learn"],
    "flash_attn": ["flash-attn"],
    "pytorch_lightning": ["pytorch-lightning"],
    "liger_kernel": ["liger-kernel"],
    "mamba_ssm": ["mamba-ssm"],
    "tensorflow": ["tensorflow", "tensorflow-cpu", "tensorflow-macos"],
    "cupy": ["cupy", "cupy-cuda12x", "cupy-cuda13x"],
    "triton": ["triton", "pytorch-triton", "triton-windows"],
}


def spec_of(name):
    try:
        return util.find_spec(name)
    except (ImportError, AttributeError, ValueError):
        return None


def version_of(name):
    for installed in INSTALLED_AS.get(name, [name]):
        try:
            return str(metadata.version(installed) or "")[:40]
        except Exception:  # metadata may be broken in any way; the package is there all the same
            continue
    return ""


def is_package(spec):
    # A folder without __init__.py, such as one that happens to lie on the path, is no package that was installed.
    return spec is not None and spec.origin is not None


def built_for(name):
    """`12.8` for the torch whose version.py says `cuda: Optional[str] = '12.8'`; None where it says nothing."""
    spec = spec_of("torch")
    if not is_package(spec):
        return None
    try:
        with open(os.path.join(os.path.dirname(spec.origin), "version.py"), encoding="utf-8") as file:
            text = file.read(10000)
    except (OSError, UnicodeDecodeError):
        return None
    found = re.search(r"^%s\b[^=\n]*=\s*['\"]([\w.+-]{1,40})['\"]" % name, text, re.MULTILINE)
    return found.group(1) if found else None


def read_number(path):
    try:
        with open(path) as file:
            return [float(word) for word in file.read().split()[:2] if re.match(r"^\d+$", word)]
    except (OSError, ValueError):
        return []


def cores():
    """The processors that this process may use, less where its control group allows less of their time."""
    count = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    quota = read_number("/sys/fs/cgroup/cpu.max")
    if count and len(quota) == 2 and quota[1] > 0:
        count = min(count, round(quota[0] / quota[1], 1))
    return count


def memory_mib():
    try:
        total = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    except (ValueError, OSError, AttributeError):
        return None
    limits = read_number("/sys/fs/cgroup/memory.max") + read_number("/sys/fs/cgroup/memory/memory.limit_in_bytes")
    return int(min([total] + limits)) >> 20


def main():
    # This script's own folder is on the path, and no run's.
    sys.path[:] = [folder for folder in sys.path if os.path.abspath(folder) != os.path.dirname(os.path.abspath(__file__))]
    asked = sys.argv[1:]
    there = [name for name in asked if is_package(spec_of(name))]
    found = {
        "platform": ("%s %s" % (platform.system(), platform.machine())).strip(),
        "cores": cores() or None,
        "memoryMib": memory_mib() or None,
        "python": platform.python_version(),
        "cuda": built_for("cuda"),
        "rocm": built_for("hip"),
        "packages": {name: version_of(name) for name in there},
        "absent": [name for name in asked if name not in there],
    }
    print(json.dumps({name: value for name, value in found.items() if value is not None}))


if __name__ == "__main__":
    main()
