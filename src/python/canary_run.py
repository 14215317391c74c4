"""Makes all probes and uses in a cage and prints what came of them: one line of JSON.

    python canary_run.py PLACE.json
"""
import importlib
import json
import os
import sys

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from canaries import PROBES, WORKS, tried  # noqa: E402

for name in ("files", "processes", "network", "kernel", "leftovers", "needs"):
    importlib.import_module("canaries." + name)

if __name__ == "__main__":
    with open(sys.argv[1], encoding="utf-8") as source:
        place = json.load(source)
    # What must work comes first: a probe that gets through may change what it needs.
    done = tried(WORKS, place)
    print(json.dumps({"works": done, "probes": tried(PROBES, place)}))
