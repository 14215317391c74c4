"""Packs what a job needs on another machine into archives that are named by their content.

    python3 parcel.py FOLDER    a plan on stdin as JSON; one line of JSON on stdout

The plan is {entries: [[here, there]], kept: [{here, skip}], places: [[here, there]], skip, skipTop}. `entries` are the absolute folders and files of
the job, with their paths below the root of the other machine, in one archive. Each of `kept`, such as the study's data, has an archive of
its own, is unpacked there once for all jobs, and is packed anew only when something in it changed; what a link in it leads to is
packed in its stead where that lies outside. `places` says of further folders where they lie there. A link of the job into a folder
that is there too becomes a relative link between the two. `skip` are names that are left out, `skipTop` those left out at the top of an entry. An archive is FOLDER/<sha256>.tar.gz, and equal
content gives equal bytes: names are sorted, times and owners left out.

    {"job": {"name": "<sha256>.tar.gz", "bytes": 1234}, "kept": [{"here", "there", "at", "name", "bytes"}]}
"""
import gzip
import hashlib
import io
import json
import os
import stat
import sys
import tarfile

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from away_job import marks_of, read_json, write_json  # noqa: E402

ALTERNATES = os.path.join(".git", "objects", "info", "alternates")
TIME = 946684800  # 2000-01-01: zip files know no time before 1980
LEVEL = 3


class Hashed:
    """A file that is written, with the digest of what was written."""

    def __init__(self, file):
        self.file = file
        self.digest = hashlib.sha256()
        self.bytes = 0

    def write(self, data):
        self.digest.update(data)
        self.bytes += len(data)
        return self.file.write(data)

    def flush(self):
        self.file.flush()


class Packer:
    def __init__(self, plan, archive):
        self.archive = archive
        self.places = sorted(([os.path.normpath(here), there] for here, there in plan["places"]), key=lambda each: -len(each[0]))
        self.entries = [os.path.normpath(here) for here, _ in plan["entries"]]
        self.follows = plan.get("follow", False)
        self.skip = set(plan["skip"])
        self.skip_top = self.skip | set(plan.get("skipTop", []))

    def add(self, here, there, above=()):
        found = os.lstat(here)
        if stat.S_ISLNK(found.st_mode):
            target = os.path.normpath(os.path.join(os.path.dirname(here), os.readlink(here)))
            if self.follows and not any(is_below(target, entry) for entry in self.entries) and os.path.exists(here):
                found = os.stat(here)
            else:
                return self.add_link(here, there, target)
        if stat.S_ISDIR(found.st_mode):
            identity = (found.st_dev, found.st_ino)
            if identity in above:
                return None  # a link that leads above itself
            self.archive.addfile(self.header(there, tarfile.DIRTYPE, 0o755))
            for name in sorted(os.listdir(here)):
                if name not in (self.skip if above else self.skip_top):
                    self.add(os.path.join(here, name), there + "/" + name, above + (identity,))
        elif stat.S_ISREG(found.st_mode):
            self.add_file(here, there, found)
        return None

    def add_link(self, here, there, target):
        header = self.header(there, tarfile.SYMTYPE, 0o777)
        placed = self.placed(target)
        header.linkname = os.readlink(here) if placed is None else os.path.relpath(placed, os.path.dirname(there))
        self.archive.addfile(header)

    def add_file(self, here, there, found):
        header = self.header(there, tarfile.REGTYPE, 0o755 if found.st_mode & 0o100 else 0o644)
        if here.endswith(ALTERNATES):
            # Relative ones are read from the folder of the objects.
            return self.add_text(header, self.alternates(here, os.path.dirname(os.path.dirname(there))))
        with open(here, "rb") as file:
            header.size = os.fstat(file.fileno()).st_size
            self.archive.addfile(header, file)
        return None

    def add_text(self, header, text):
        data = text.encode("utf-8", "surrogateescape")
        header.size = len(data)
        self.archive.addfile(header, io.BytesIO(data))

    def alternates(self, here, objects):
        with open(here, encoding="utf-8", errors="surrogateescape") as file:
            paths = file.read().splitlines()
        placed = [(path, self.placed(path)) for path in paths]
        return "".join((path if there is None else os.path.relpath(there, objects)) + "\n" for path, there in placed)

    def placed(self, path):
        """Where a path lies on the other machine, below its root; None for one that does not travel."""
        for here, there in self.places:
            if is_below(path, here):
                return there + path[len(here) :]
        return None

    def header(self, there, kind, mode):
        header = tarfile.TarInfo(there)
        header.type, header.mode, header.mtime = kind, mode, TIME
        return header


def is_below(path, folder):
    return path == folder or path.startswith(folder.rstrip(os.sep) + os.sep)


def pack(folder, plan):
    part = os.path.join(folder, "{}.part".format(os.getpid()))
    try:
        with open(part, "wb") as file:
            hashed = Hashed(file)
            with gzip.GzipFile("", "wb", LEVEL, hashed, mtime=0) as zipped:
                with tarfile.open(fileobj=zipped, mode="w", format=tarfile.PAX_FORMAT) as archive:
                    packer = Packer(plan, archive)
                    for here, there in plan["entries"]:
                        packer.add(os.path.normpath(here), there)
        name = hashed.digest.hexdigest() + ".tar.gz"
        os.replace(part, os.path.join(folder, name))
    finally:
        if os.path.exists(part):
            os.remove(part)
    return {"name": name, "bytes": hashed.bytes}


def pack_kept(folder, here, skip):
    """The archive of a place that all jobs share: the one that was packed before, where nothing changed since."""
    memory = os.path.join(folder, hashlib.sha256(here.encode("utf-8", "surrogateescape")).hexdigest()[:16] + ".json")
    there = "content/" + os.path.basename(here)
    marks = marks_of(here)
    known = read_json(memory) or {}
    if known.get("marks") != marks or not os.path.isfile(os.path.join(folder, known["name"])):
        plan = {"entries": [[here, there]], "places": [[here, there]], "follow": True, "skip": skip}
        known = dict(pack(folder, plan), marks=marks)
        write_json(memory, known)
    at = "places/" + known["name"].split(".")[0]
    return {"here": here, "there": at + "/" + os.path.basename(here), "at": at, "name": known["name"], "bytes": known["bytes"]}


def main(folder, plan):
    kept = [pack_kept(folder, os.path.normpath(each["here"]), each["skip"]) for each in plan["kept"]]
    places = [[each["here"], each["there"]] for each in kept] + plan["places"]
    return {"job": pack(folder, dict(plan, places=places)), "kept": kept}


if __name__ == "__main__":
    print(json.dumps(main(sys.argv[1], json.load(sys.stdin))))
