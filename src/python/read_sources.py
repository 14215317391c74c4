"""Answers questions about source files, one JSON line each, until its input ends.

    python3 read_sources.py

A question is {"knobs": {"files", "argv", "env"}}, which read_knobs.py answers, or {"forms": {"train.py": "LEARNING_RATE = 0.1\\n"}},
which normalise_source.py answers. Nothing of the source is executed.
"""
import json
import os
import sys
import warnings

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))


def answer(question):
    if "knobs" in question:
        from read_knobs import read_knobs

        return read_knobs(**question["knobs"])
    from normalise_source import normal_forms

    return normal_forms(question["forms"])


def main():
    warnings.simplefilter("ignore")
    for line in sys.stdin.buffer:
        print(json.dumps(answer(json.loads(line))), flush=True)


if __name__ == "__main__":
    main()
