"""Unpacks what a job on another machine left into its folder here: only where it may, and its result last.

    python3 bring_home.py FILE    a plan on stdin as JSON: {folder, places: [[there, here]], paths: [[there, here]]}

FILE is what `away_job.py home` wrote; another machine's training code made what is in it, so nothing of it is trusted: a path must lie
below one of the places, no link leads out of its place, and none is followed. `folder` is the job's folder, by its path there. What the
supervisor names in `result.json` is turned into paths here by `paths`. Fails, and leaves no result, where the archive is not whole.
"""
import gzip
import json
import os
import posixpath
import shutil
import sys
import tarfile


class Home:
    def __init__(self, plan):
        self.places = longest_first(plan["places"])
        self.paths = longest_first(plan["paths"])
        self.folder = plan["folder"]
        self.root = None

    def unpack(self, archive):
        """The bytes of the job's result, which is the last entry; None where there is none."""
        result = None
        for entry in archive:
            name = posixpath.normpath(entry.name)
            if result is not None:
                raise ValueError("something follows the result")
            if name == self.folder + "/result.json":
                result = archive.extractfile(entry).read()
            elif name == self.folder + "/away-here.json":
                self.root = json.loads(archive.extractfile(entry).read())["root"]
            else:
                self.put(archive, entry, name)
        return result

    def put(self, archive, entry, name):
        place = placed(name, self.places)
        if place is None:
            return
        path = os.path.join(*place)
        clear_links(place[0], os.path.dirname(place[1]))
        if entry.isdir():
            make_folder(path)
        elif entry.issym():
            target = posixpath.normpath(posixpath.join(posixpath.dirname(name), entry.linkname))
            if not posixpath.isabs(entry.linkname) and (target + "/").startswith(self.root_of(name) + "/"):
                make_folder(os.path.dirname(path))
                remove(path)
                os.symlink(entry.linkname, path)
        elif entry.isreg():
            make_folder(os.path.dirname(path))
            part = path + ".part"
            remove(part)
            with open(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o755 if entry.mode & 0o100 else 0o644), "wb") as file:
                shutil.copyfileobj(archive.extractfile(entry), file, 1 << 20)
            remove(path)
            os.rename(part, path)

    def root_of(self, name):
        return next(there for there, _ in self.places if (name + "/").startswith(there + "/"))

    def path_here(self, path):
        below = path[len(self.root) + 1 :] if self.root and path.startswith(self.root + "/") else path
        place = placed(below, self.paths)
        return path if place is None else os.path.join(*place)

    def turned_back(self, result):
        """The result with the paths that it names as they are here; one that is no JSON stays as it is."""
        try:
            value = json.loads(result)
            for name in ("changed", "touched"):
                if name in value:
                    value[name] = [self.path_here(path) for path in value[name]]
            return json.dumps(value).encode()
        except (ValueError, TypeError, AttributeError):
            return result


def longest_first(places):
    return sorted(places, key=lambda each: -len(each[0]))


def placed(name, places):
    """The place here, and the path below it; None for a path that has none."""
    for there, here in places:
        if name == there:
            return os.path.dirname(here), os.path.basename(here)
        if name.startswith(there + "/"):
            return here, name[len(there) + 1 :]
    return None


def clear_links(place, below):
    """Removes what is no folder on the way to a path: nothing is written through a link."""
    path = place
    for step in below.split("/") if below else []:
        path = os.path.join(path, step)
        if os.path.lexists(path) and (os.path.islink(path) or not os.path.isdir(path)):
            os.remove(path)


def make_folder(path):
    if os.path.lexists(path) and (os.path.islink(path) or not os.path.isdir(path)):
        os.remove(path)
    os.makedirs(path, exist_ok=True)


def remove(path):
    if os.path.islink(path) or os.path.isfile(path):
        os.remove(path)
    elif os.path.isdir(path):
        shutil.rmtree(path)
    elif os.path.lexists(path):
        os.remove(path)


def main(path):
    home = Home(json.load(sys.stdin))
    with gzip.open(path) as unzipped:
        with tarfile.open(fileobj=unzipped, mode="r|") as archive:
            result = home.unpack(archive)
        while unzipped.read(1 << 20):
            pass  # its end shows whether it is whole
    if result is None:
        return 1
    target = os.path.join(*placed(home.folder + "/result.json", home.places))
    part = target + ".part"
    remove(part)
    with open(part, "wb") as file:
        file.write(home.turned_back(result))
        file.flush()
        os.fsync(file.fileno())
    remove(target)
    os.rename(part, target)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
