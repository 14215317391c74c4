"""Says what a training with torch would run on, and how fast it is; prints one JSON object.

    python probe_device.py

Speed is measured: matrix products in the type that training would use, for about half a second. `kind` is `none` when
torch is not installed. Python 3.8, nothing but torch.
"""
import json
import os
import sys
import time

SECONDS = 0.5

# As in the sandbox: waiting threads sleep instead of spinning, which costs less on a busy machine.
os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")
os.environ.setdefault("GOMP_SPINCOUNT", "0")


def describe():
    try:
        import torch
    except ImportError:
        return {"kind": "none", "name": "", "type": "", "memoryMb": 0, "freeMemoryMb": 0, "teraflops": 0.0, "torch": None}
    kind = "cuda" if torch.cuda.is_available() else "mps" if torch.backends.mps.is_available() else "cpu"
    found = {"kind": kind, "torch": torch.__version__}
    if kind == "cuda":
        free, total = torch.cuda.mem_get_info()
        major, minor = torch.cuda.get_device_capability()
        dtype = torch.bfloat16 if major >= 8 else torch.float16
        found.update(name=torch.cuda.get_device_name(), capability="%d.%d" % (major, minor))
        found.update(memoryMb=total >> 20, freeMemoryMb=free >> 20)
    else:
        dtype = torch.float32
        pages = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") >> 20
        name = "Apple GPU" if kind == "mps" else "%d threads of the CPU" % torch.get_num_threads()
        found.update(name=name, memoryMb=pages, freeMemoryMb=pages)
    found.update(type=str(dtype).replace("torch.", ""), teraflops=measure(torch, torch.device(kind), dtype))
    return found


def measure(torch, device, dtype):
    """TFLOP/s reached in a matrix product: of a size that fills a GPU, or of one that a CPU does in milliseconds."""
    size = 4096 if device.type != "cpu" else 512
    left = torch.randn(size, size, device=device).to(dtype)
    synchronise = {"cuda": torch.cuda.synchronize, "mps": lambda: torch.mps.synchronize()}.get(device.type, lambda: None)
    for _ in range(3):
        left @ left
    synchronise()
    rounds, start = 0, time.perf_counter()
    while time.perf_counter() - start < SECONDS:
        left @ left
        synchronise()
        rounds += 1
    return round(2 * size**3 * rounds / (time.perf_counter() - start) / 1e12, 4)


if __name__ == "__main__":
    # What libraries print goes to the error output, so that the object stands alone.
    own_output = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)
    own_output.write(json.dumps(describe()) + "\n")
    own_output.flush()
    sys.exit(0)
