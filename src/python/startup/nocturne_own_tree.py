"""Makes a Python process of a run import the run's own tree where it would import the owner's checkout, and records it.

With an editable install, a `.pth` file, an import hook or an absolute PYTHONPATH, Python finds the code of the checkout
that was installed, which no experiment edits. A finder before all others looks where each module was found: a file of the
checkout that the run's tree has too is taken from the tree, and so is one of a copy that was installed from the checkout.
What the tree lacks, such as a compiled extension that git ignores, is still found in the checkout.

    NOCTURNE_TREE       the run's tree, laid out as the repository
    NOCTURNE_CHECKOUTS  the owner's repository, and other places it may be installed from, separated by ":"
    NOCTURNE_EDITABLE   paths of the editable files in both, separated by ":"
    NOCTURNE_IMPORTS    file to which a line is added for each editable file or compiled module that a process imports:
                        how (own, elsewhere, compiled), the editable file or "", the path, separated by tabs; and for each
                        other file of the tree that is loaded: fixed, its path in the tree, the SHA-256 of what was loaded

It is a help for honest owners, no guard: a script can do as it likes. Standard library only, and none of its slow modules:
every process of a run pays for it.
"""
import os
import sys

try:
    from _sha2 import sha256  # hashlib itself takes longer to load than all of this
except ImportError:
    try:
        from _sha256 import sha256
    except ImportError:
        from hashlib import sha256
from importlib.machinery import EXTENSION_SUFFIXES, ModuleSpec
from importlib._bootstrap_external import spec_from_file_location

MAX_RECORD_BYTES = 1 << 20


def install(environment):
    tree, checkouts = environment.get("NOCTURNE_TREE"), words_of(environment, "NOCTURNE_CHECKOUTS")
    if not tree or not checkouts or any(isinstance(finder, OwnTreeFinder) for finder in sys.meta_path):
        return None
    editable = words_of(environment, "NOCTURNE_EDITABLE")
    finder = OwnTreeFinder(Trees(tree, checkouts, editable), Record(environment.get("NOCTURNE_IMPORTS")))
    sys.path[:] = finder.trees.own_first(sys.path)
    sys.meta_path.insert(0, finder)
    finder.note_script()
    return finder


def words_of(environment, name):
    return [word for word in environment.get(name, "").split(os.pathsep) if word]


class Record:
    """Lines of tab-separated fields, each written once by a process and at once: many processes end without warning."""

    def __init__(self, path):
        self.path = path
        self.known = set()

    def add(self, *fields):
        line = "\t".join(field.replace("\t", " ").replace("\n", " ") for field in fields) + "\n"
        if not self.path or line in self.known:
            return
        self.known.add(line)
        try:
            file = os.open(self.path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o644)
            try:
                if os.fstat(file).st_size < MAX_RECORD_BYTES:
                    os.write(file, line.encode("utf-8", "surrogateescape"))
            finally:
                os.close(file)
        except OSError:
            pass


class Trees:
    """Which path of the run's tree stands for a path of the checkout, or of a copy installed from it."""

    def __init__(self, tree, checkouts, editable):
        self.tree = os.path.abspath(tree)
        both = [kind(checkout) for checkout in checkouts for kind in (os.path.abspath, os.path.realpath)]
        self.checkouts = sorted(set(both), key=len, reverse=True)  # one within another is the nearer one
        self.editable = editable
        self.copies = {}  # installed package folder -> its folder in the tree
        self.real_folders = {}

    def own(self, path):
        """The tree's counterpart of a file or folder; None where there is none, or where it is the same one."""
        if not path or is_below(path, self.tree):
            return None
        for folder, own in self.copies.items():
            if is_below(path, folder):
                return existing(own + path[len(folder) :])
        inside = self.inside(path)
        found = None if inside is None else existing(os.path.join(self.tree, inside))
        if found is None and inside is not None and os.path.islink(path):
            return self.own(os.path.realpath(path))  # setuptools' strict mode is a folder of links
        return None if found is None or os.path.realpath(found) == os.path.realpath(path) else found

    def inside(self, path):
        """The path from a checkout's top level, however the path leads there; None for any other path."""
        for each in (path, self.real(path)):
            for root in self.checkouts:
                if is_below(each, root):
                    return each[len(root) + 1 :]
        return None

    def real(self, path):
        folder, name = os.path.split(path)
        if folder not in self.real_folders:
            self.real_folders[folder] = os.path.realpath(folder)
        return os.path.join(self.real_folders[folder], name)

    def own_first(self, paths):
        """Search paths with the tree's counterpart before each one of the checkout."""
        found = []
        for path in paths:
            own = self.own(os.path.abspath(path)) if path else None
            if own is not None and own not in paths and own not in found and os.path.isdir(own):
                found.append(own)
            found.append(path)
        return found

    def with_rest(self, places, searched):
        """A package's folders, and after each one of the tree the checkout's, where that was to be searched too."""
        found = list(places)
        for place in places:
            if not is_below(place, self.tree):
                continue
            for checkout in self.checkouts:
                other = checkout + place[len(self.tree) :]
                if other not in found and os.path.dirname(other) in searched and os.path.isdir(other):
                    found.append(other)
        return found

    def editable_of(self, path):
        """The editable file that a path is, in the tree or in the checkout; None for any other file."""
        root = self.tree if is_below(path, self.tree) else None
        inside = path[len(root) + 1 :] if root else self.inside(path)
        return inside if inside in self.editable else None

    def fixed(self, path):
        """The path in the tree of a Python file that no experiment edits; None for any other file."""
        if not path or not path.endswith(".py") or not is_below(path, self.tree):
            return None
        inside = path[len(self.tree) + 1 :]
        return None if inside in self.editable else inside

    def editable_named(self, name, path):
        """The editable file of which a module elsewhere looks like a copy: the same dotted name, ending the same."""
        tail = name.replace(".", "/")
        for file in self.editable:
            stem = file[: -len(".py")] if file.endswith(".py") else file
            stem = stem[: -len("/__init__")] if stem.endswith("/__init__") else stem
            if "." in name and (stem == tail or stem.endswith("/" + tail)) and path.endswith(".py"):
                return file
        return None

    def learn_copy(self, name, folder):
        """Finds out whether a package in an installation is a copy of one of the tree, made from the checkout."""
        for file in self.editable:
            parts = file.split("/")
            if name not in parts[:-1]:
                continue
            depth = parts.index(name) + 1
            below = os.path.join(*parts[depth:])
            if os.path.isfile(os.path.join(folder, below)) and self.is_installed_from(folder, name, parts[depth:]):
                self.copies[folder] = os.path.join(self.tree, *parts[:depth])
                return

    def is_installed_from(self, folder, name, rest):
        """Whether an installation's notes (direct_url.json, RECORD) say that the file came from the checkout."""
        site = os.path.dirname(folder)
        urls = ["file://" + quoted(root) for root in self.checkouts]
        for entry in os.listdir(site):
            if not entry.endswith(".dist-info"):
                continue
            url = text_of(os.path.join(site, entry, "direct_url.json"))
            if any('"' + each + '"' in url or '"' + each + "/" in url for each in urls):
                lines = text_of(os.path.join(site, entry, "RECORD")).split("\n")
                if any(line.startswith("/".join([name] + rest) + ",") for line in lines):
                    return True
        return False


class OwnTreeFinder:
    """Asks the finders behind it, and answers with the tree's own file in place of one of the checkout."""

    def __init__(self, trees, record):
        self.trees = trees
        self.record = record
        self.hear = None  # told the name and the file of every module, in a dry run

    def find_spec(self, name, path=None, target=None):
        finders = list(sys.meta_path)
        for finder in finders[finders.index(self) + 1 if self in finders else 0 :]:
            find = getattr(finder, "find_spec", None)
            spec = find(name, path, target) if find else None
            if spec is not None:
                return self.own_spec(name, spec, sys.path if path is None else list(path))
        return None

    def own_spec(self, name, spec, searched):
        if spec.origin in ("built-in", "frozen"):
            return spec
        try:
            own = self.moved(name, spec, searched)
        except (OSError, ValueError):
            own = spec
        self.note(name, own.origin)
        self.note_loaded(own)
        return own

    def note_loaded(self, spec):
        """Has the loader say what it reads of a fixed file of the tree, in the moment in which it reads it."""
        inside, loader = self.trees.fixed(spec.origin), spec.loader
        if inside is None or not hasattr(loader, "get_data"):
            return
        get_data, record, origin = loader.get_data, self.record, spec.origin

        def noted(path):
            data = get_data(path)
            if path == origin:
                record.add("fixed", inside, sha256(data).hexdigest())
            return data

        try:
            loader.get_data = noted
        except AttributeError:
            pass  # a loader of the project's own, which takes no more attributes

    def moved(self, name, spec, searched):
        """The spec, with the tree's paths in place of the checkout's."""
        trees, places = self.trees, spec.submodule_search_locations
        if "." not in name and places is not None and spec.origin and trees.editable:
            self.look_for_copy(name, os.path.dirname(spec.origin))
        if places is not None:
            places = trees.with_rest(trees.own_first(list(places)), searched)
        if not spec.has_location:
            if places is None or places == list(spec.submodule_search_locations):
                return spec
            namespace = ModuleSpec(name, None, is_package=True)
            namespace.submodule_search_locations = places
            return namespace
        origin = trees.own(spec.origin)
        if origin is None:
            if places is not None:
                spec.submodule_search_locations[:] = places
            return spec
        return spec_from_file_location(
            name, origin, loader=moved_loader(spec.loader, name, origin), submodule_search_locations=places
        )

    def look_for_copy(self, name, folder):
        trees = self.trees
        if is_below(folder, trees.tree) or folder in trees.copies:
            return
        inside = trees.inside(folder)
        if inside is None or "site-packages" in inside.split(os.sep):
            trees.learn_copy(name, folder)

    def note(self, name, path):
        if not path:
            return
        if self.hear is not None:
            self.hear(name, path)
        trees = self.trees
        file = trees.editable_of(path)
        if file is not None:
            self.record.add("own" if is_below(path, trees.tree) else "elsewhere", file, path)
        elif path.endswith(tuple(EXTENSION_SUFFIXES)):
            if not is_below(path, trees.tree) and trees.inside(path) is not None:
                self.record.add("compiled", "", path)
        elif not is_below(path, trees.tree):
            copied = trees.editable_named(name, path)
            if copied is not None:
                self.record.add("elsewhere", copied, path)

    def note_script(self):
        """The file that Python was started with is found by its path, not by a finder."""
        for word in command_line()[1:]:
            if word.endswith(".py") and os.path.isfile(word):
                path = os.path.abspath(word)
                self.note("", path)
                inside = self.trees.fixed(path)
                if inside is not None:
                    with open(path, "rb") as file:
                        self.record.add("fixed", inside, sha256(file.read()).hexdigest())
                return  # what follows are its arguments


def moved_loader(loader, name, path):
    """A loader of the same kind for another path, so that an import hook keeps its own; None lets Python choose."""
    kind = type(loader)
    if kind.__module__ in ("_frozen_importlib_external", "importlib._bootstrap_external"):
        return None
    try:
        return kind(name, path)
    except Exception:
        return None


def is_below(path, folder):
    return path == folder or path.startswith(folder + os.sep)


def existing(path):
    return path if os.path.exists(path) else None


def quoted(path):
    """A path as a file URL has it."""
    safe = b"/-._~0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
    return "".join(chr(byte) if byte in safe else "%{:02X}".format(byte) for byte in os.fsencode(path))


def text_of(path):
    try:
        with open(path, encoding="utf-8", errors="replace") as file:
            return file.read()
    except OSError:
        return ""


def command_line():
    known = getattr(sys, "orig_argv", None)
    if known is not None:
        return list(known)
    try:
        with open("/proc/self/cmdline", "rb") as file:
            return [os.fsdecode(word) for word in file.read().split(b"\0")]
    except OSError:
        return []
