"""The compiled code of the `cage` package: compiling it anew would take each run half of what its cage costs.

`store()` writes it to a cache, in the process that looks for a cage, and gives its path and digest; `offer` lets the import system
take the modules from there. A file of another content or another Python is left aside, and so is one that is gone: the modules
are then imported from their source. The digest travels with the rung, so whoever can write the file gains nothing.
"""
import hashlib
import marshal
import os
import sys

from _frozen_importlib_external import MAGIC_NUMBER

PACKAGE = "cage"
LEFT_OUT = ("ladder.py", "system.py")  # only the process that looks for a cage has a use for them


def store(cache):
    """{path, digest} of the file; None where it cannot be written."""
    data = MAGIC_NUMBER + marshal.dumps(compiled())
    digest = hashlib.sha256(data).hexdigest()
    path = os.path.join(cache, "cage-{}.bin".format(digest[:16]))
    try:
        os.makedirs(cache, exist_ok=True)
        if read(path) != data:
            own = "{}.{}".format(path, os.getpid())
            with open(own, "wb") as file:
                file.write(data)
            os.replace(own, path)
    except OSError:
        return None
    return {"path": path, "digest": digest}


def compiled():
    folder = os.path.join(os.path.dirname(os.path.abspath(__file__)), PACKAGE)
    modules = {}
    for name in sorted(os.listdir(folder)):
        if name.endswith(".py") and name not in LEFT_OUT:
            path = os.path.join(folder, name)
            with open(path, encoding="utf-8") as file:
                code = compile(file.read(), path, "exec", dont_inherit=True, optimize=2)
            modules[PACKAGE if name == "__init__.py" else "{}.{}".format(PACKAGE, name[:-3])] = code
    return modules


def read(path):
    try:
        with open(path, "rb") as file:
            return file.read()
    except OSError:
        return b""


def offer(path, digest):
    """Takes nothing but what has the digest: code that runs with the rights of the controller."""
    data = b"" if PACKAGE in sys.modules else read(path)
    if data.startswith(MAGIC_NUMBER) and hashlib.sha256(data).hexdigest() == digest:
        sys.meta_path.insert(0, Carried(marshal.loads(data[len(MAGIC_NUMBER) :])))


class Carried:
    """Finds the carried modules, and loads them."""

    def __init__(self, modules):
        self.modules = modules

    def find_spec(self, name, path=None, target=None):
        if name not in self.modules:
            return None
        return type(sys.__spec__)(name, self, is_package=name == PACKAGE)

    def create_module(self, spec):
        return None

    def exec_module(self, module):
        exec(self.modules[module.__name__], module.__dict__)
