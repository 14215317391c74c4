"""Loaded by every Python process of a run when it starts: its folder is on the run's PYTHONPATH.

It hands over to `nocturne_own_tree`, takes its folder off `sys.path`, and then does what Python would have done without
it: it loads the `sitecustomize` of the owner or of the system, if there is one. A trouble here never ends a process.
"""
import os
import sys


def hand_over():
    folder = os.path.dirname(os.path.abspath(__file__))
    try:
        import nocturne_own_tree

        finder = nocturne_own_tree.install(os.environ)
        if os.environ.get("NOCTURNE_OBSERVE"):
            import nocturne_observe

            nocturne_observe.install(os.environ, finder)
    except Exception as error:
        if os.environ.get("NOCTURNE_DEBUG_STARTUP"):
            sys.stderr.write("nocturne: {!r}\n".format(error))
    sys.path[:] = [entry for entry in sys.path if os.path.abspath(entry or ".") != folder]
    load_next()


def load_next():
    """The sitecustomize that this one stands before, under its own name; errors in it are its own."""
    from importlib.machinery import PathFinder

    spec = PathFinder.find_spec("sitecustomize", sys.path)
    if spec is None or spec.loader is None or not hasattr(spec.loader, "exec_module"):
        return
    module = type(sys)("sitecustomize")
    module.__spec__, module.__loader__, module.__file__ = spec, spec.loader, spec.origin
    before = sys.modules.get("sitecustomize")
    sys.modules["sitecustomize"] = module
    try:
        spec.loader.exec_module(module)
    except BaseException:
        sys.modules["sitecustomize"] = before
        raise


hand_over()
