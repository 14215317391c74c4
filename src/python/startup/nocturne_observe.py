"""Records what a Python process of a dry run reads, beside what `nocturne_own_tree` records: a help to write a brief.

    NOCTURNE_OBSERVE    file to which a line is added for each of these, with fields separated by tabs
        module    name, its file                       a module of the run's tree or of the owner's checkout
        read      path                                 a file outside the Python installation, opened for reading, also in
                                                       vain; a folder of the project listed, or a path asked for and not there
        write     path                                 the same, opened for writing
        variable  name, set or unset, the asking file  an environment variable asked for by code of the tree or checkout
        seed      function, value                      a random generator that was seeded

It sees what Python opens, not what a C library opens by itself. It is used in dry runs only: it slows Python down a little.
"""
import os
import sys

from nocturne_own_tree import Record, is_below, words_of

MAX_LINES = 20000
LIBRARY_OF_ENVIRON = ("/os.py", "_collections_abc.py", "<frozen os>", "<frozen _collections_abc>")
SEEDS = {
    "random": ["seed"],
    "numpy.random": ["seed", "default_rng"],
    "torch": ["manual_seed"],
    "tensorflow.random": ["set_seed"],
    "jax.random": ["PRNGKey", "key"],
    "lightning_fabric.utilities.seed": ["seed_everything"],
    "transformers.trainer_utils": ["set_seed"],
}


def install(environment, finder):
    record = Lines(environment.get("NOCTURNE_OBSERVE"))
    places = [os.path.abspath(environment.get("NOCTURNE_TREE") or os.getcwd())]
    places += [os.path.realpath(path) for path in words_of(environment, "NOCTURNE_CHECKOUTS")]
    observer = Observer(record, places)
    observer.watch_variables()
    observer.watch_stat()
    if finder is not None:
        finder.hear = observer.note_module
        observer.records.append(finder.record.path)
    sys.meta_path.insert(0, SeedFinder(record))
    for name in SEEDS:
        if name in sys.modules:
            wrap_seeds(sys.modules[name], record)
    sys.addaudithook(observer.hear)


class Lines(Record):
    def add(self, *fields):
        if len(self.known) < MAX_LINES:
            Record.add(self, *fields)


class Observer:
    def __init__(self, record, places):
        self.record = record
        self.records = [record.path]
        self.places = places
        self.installed = {os.path.realpath(path) for path in (sys.prefix, sys.base_prefix, sys.exec_prefix)}
        self.is_busy = False

    def hear(self, event, args):
        if event not in ("open", "os.listdir", "os.scandir") or self.is_busy:
            return
        self.is_busy = True
        try:
            if event == "open":
                self.note_open(*args[:3])
            elif args[0] is not None:
                self.note_place(args[0])
        except Exception:
            pass
        finally:
            self.is_busy = False

    def note_open(self, path, mode, flags):
        if not isinstance(path, (str, bytes)):
            return
        path = os.path.abspath(os.fsdecode(path))
        if path in self.records or path.endswith((".py", ".pyc", ".pth")) or self.is_of_python(path):
            return
        if path.startswith(("/proc/", "/sys/", "/dev/", "/etc/")):
            return
        writes = bool(flags & (os.O_WRONLY | os.O_RDWR)) if isinstance(flags, int) else "r" not in str(mode)
        self.record.add("write" if writes else "read", path)

    def note_place(self, path):
        """A folder that is listed, or a path that is asked for and not there: what a run may have to be given."""
        if isinstance(path, (str, bytes)) or hasattr(path, "__fspath__"):
            path = os.path.abspath(os.fsdecode(path))
            if any(is_below(path, place) for place in self.places) and path not in self.places:
                if not path.endswith((".py", ".pyc", "__pycache__", ".so", "pyvenv.cfg")) and not self.is_of_python(path):
                    self.record.add("read", path)

    def watch_stat(self):
        """`os.path.exists` and `Path.exists` ask by it; Python's own imports do not."""
        observer, stat = self, os.stat

        class NotedStat:
            """No function, which `pathlib` of Python 3.8 to 3.10 would bind as a method of a class of its own."""

            def __call__(self, path, *args, **named):
                try:
                    return stat(path, *args, **named)
                except FileNotFoundError:
                    observer.note_place(path)
                    raise

        os.stat = NotedStat()

    def is_of_python(self, path):
        folder = os.path.realpath(os.path.dirname(path))
        return any(is_below(folder, each) for each in self.installed) or "/site-packages/" in folder + "/"

    def watch_variables(self):
        """`os.environ` answers as before, and notes what is asked for by code of the project."""
        observer, kind = self, type(os.environ)

        class ObservedEnviron(kind):
            def __getitem__(self, name):
                try:
                    value = kind.__getitem__(self, name)
                except KeyError:
                    observer.note_variable(name, False)
                    raise
                observer.note_variable(name, True)
                return value

        ObservedEnviron.__name__ = ObservedEnviron.__qualname__ = kind.__name__
        os.environ.__class__ = ObservedEnviron

    def note_variable(self, name, is_set):
        frame = sys._getframe(2)
        while frame is not None and frame.f_code.co_filename.endswith(LIBRARY_OF_ENVIRON):
            frame = frame.f_back
        asking = os.path.abspath(frame.f_code.co_filename) if frame else ""
        if self.is_of_project(asking) and isinstance(name, str):
            self.record.add("variable", name, "set" if is_set else "unset", asking)

    def is_of_project(self, path):
        path = os.path.realpath(path)
        return any(is_below(path, place) for place in self.places) and "/site-packages/" not in path

    def note_module(self, name, path):
        if name and self.is_of_project(path):
            self.record.add("module", name, os.path.abspath(path))


class SeedFinder:
    """Lets the finders behind it find, and wraps the functions that seed once their module is loaded."""

    def __init__(self, record):
        self.record = record

    def find_spec(self, name, path=None, target=None):
        if name not in SEEDS or name in sys.modules:
            return None
        finders = list(sys.meta_path)
        for finder in finders[finders.index(self) + 1 :]:
            find = getattr(finder, "find_spec", None)
            spec = find(name, path, target) if find else None
            if spec is not None:
                if hasattr(spec.loader, "exec_module"):
                    spec.loader = SeedLoader(spec.loader, self.record)
                return spec
        return None


class SeedLoader:
    def __init__(self, loader, record):
        self.loader = loader
        self.record = record

    def __getattr__(self, name):
        return getattr(self.loader, name)

    def create_module(self, spec):
        return self.loader.create_module(spec)

    def exec_module(self, module):
        module.__spec__.loader = self.loader
        module.__loader__ = self.loader
        self.loader.exec_module(module)
        wrap_seeds(module, self.record)


def wrap_seeds(module, record):
    for name in SEEDS[module.__name__]:
        function = getattr(module, name, None)
        if function is not None:
            setattr(module, name, noted(function, "{}.{}".format(module.__name__, name), record))


def noted(function, name, record):
    import functools

    @functools.wraps(function)
    def seed(*args, **named):
        value = list(args[:1]) + list(named.values())[:1]
        record.add("seed", name, str(value[0])[:40] if value else "")
        return function(*args, **named)

    return seed
