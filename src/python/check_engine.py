"""The job of `nocturne doctor --engine`: takes five seconds, and says where it ran.

    python3 check_engine.py    one line of JSON: {"node", "python", "gpus", "visible"}; the same into NOCTURNE_RUN_DIR/check.json
"""
import json
import os
import platform
import subprocess
import time

SECONDS = 5


def gpus():
    try:
        names = subprocess.check_output(["nvidia-smi", "--query-gpu=name", "--format=csv,noheader"], stderr=subprocess.DEVNULL, timeout=20)
    except (OSError, subprocess.SubprocessError):
        return []
    return names.decode("utf-8", "replace").strip().splitlines()


if __name__ == "__main__":
    found = {
        "node": platform.node(),
        "python": platform.python_version(),
        "gpus": gpus(),
        "visible": os.environ.get("CUDA_VISIBLE_DEVICES", ""),
    }
    print(json.dumps(found), flush=True)
    time.sleep(SECONDS)
    with open(os.path.join(os.environ["NOCTURNE_RUN_DIR"], "check.json"), "w") as file:
        json.dump(found, file)
