"""Reads the knobs of Python files, in every form that the package `knobs` knows, each with its exact span.

    python read_knobs.py < {"files": {"train.py": "LEARNING_RATE = 0.1\n"}, "argv": ["python", "train.py"], "env": []}

`argv` is the command that trains and `env` the variables that the brief lets through: what they set has no effect in the
source. Prints {"knobs": [...]}, or {"error": {"file", "line", "message"}} when a file does not parse. Nothing of the
source is executed.
"""
import json
import os
import sys

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from knobs import knobs_of  # noqa: E402
from knobs.source import Source  # noqa: E402


def main():
    request = json.load(sys.stdin)
    sources = []
    for file, text in request["files"].items():
        if not file.endswith(".py"):
            continue
        try:
            sources.append(Source(file, text))
        except (SyntaxError, ValueError, RecursionError) as error:
            line = getattr(error, "lineno", None) or 0
            print(json.dumps({"error": {"file": file, "line": line, "message": getattr(error, "msg", str(error))}}))
            return
    print(json.dumps({"knobs": knobs_of(sources, request.get("argv", []), request.get("env", []))}))


if __name__ == "__main__":
    main()
