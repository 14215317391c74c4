"""Prints as JSON the folders and files outside this Python that it imports from: the search path, and what editable
installations lead to.

    python import_roots.py
"""
import json
import os
import sys

sys.dont_write_bytecode = True


def editable():
    """What the finders of editable installations map to; setuptools keeps a MAPPING, others do by search path."""
    found = []
    for finder in sys.meta_path:
        module = sys.modules.get(getattr(finder, "__module__", ""), None)
        mapping = getattr(module, "MAPPING", None)
        if isinstance(mapping, dict):
            found += [path for path in mapping.values() if isinstance(path, str)]
    return found


def main():
    own = os.path.dirname(os.path.abspath(__file__))
    places = [os.path.abspath(path) for path in sys.path + editable() if path]
    print(json.dumps(sorted({path for path in places if path != own and os.path.exists(path)})))


if __name__ == "__main__":
    main()
