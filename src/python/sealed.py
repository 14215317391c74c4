"""Whether what a stage must not change is as it was sealed: by content, or by what `lstat` said when the job began.

The digests come with the job's spec, and the rest is noted before the first stage starts; both are kept in the supervisor's
memory, where no stage can write. A change time tells a change for certain while nobody sets the clock, which a process with the
right to do so could use to make a file look untouched; the kernel tells of that, and then all is compared by content.

    places  [{place, files, isWhole, added?, content}]: an absolute folder or file; path below it -> the SHA-256 of its content,
            `-> TARGET` for a link, or None; whether other files may not be there; names of those that may not be right below it, as
            `*.pth`; when content is read: written, always, or through-links
"""
import ctypes
import errno
import fnmatch
import hashlib
import os
import stat
import struct
import sys

CHUNK_BYTES = 1 << 20
MAX_NAMED = 20
OF_FILE_MANAGERS = (".DS_Store", "Thumbs.db", "desktop.ini")
TFD_TIMER_ABSTIME_CANCEL_ON_SET = 3


class Cancelled(Exception):
    """The job was cancelled while files were read."""


class SealedPlaces:
    """Made before the first stage starts."""

    def __init__(self, places, is_cancelled):
        self.places = places
        self.is_cancelled = is_cancelled
        self.clock = ClockWatch()
        self.states = {}  # absolute path -> what lstat said when it was as sealed
        self.targets = {}  # absolute path of a link -> the digest of what it leads to
        for place in places:
            for path, digest in self.paths_of(place):
                file = place_of(place["place"], path)
                if digest is None or place["content"] == "written":
                    self.states[file] = state_of(file)
                elif digest.startswith("-> ") and place["content"] == "through-links":
                    self.targets[file] = digest_of(file, True, self.is_cancelled)

    def paths_of(self, place):
        """The sealed paths with their digests; where no other file may be, those that are there too."""
        found = dict(place["files"])
        if place["isWhole"]:
            for path in files_below(place["place"]):
                found.setdefault(path, None)
        for name in names_in(place["place"]) if "added" in place else []:
            if any(fnmatch.fnmatchcase(name, each) for each in place["added"]):
                found.setdefault(name, None)
        return found.items()

    def changed(self):
        """The paths that differ from what was sealed, or that were added; the first of them."""
        is_set = self.clock.was_set()
        found = []
        for place in self.places:
            for path, digest in self.paths_of(place):
                file = place_of(place["place"], path)
                if not self.is_as_sealed(file, path, digest, place["content"] != "written" or is_set):
                    found.append(file)
                    if len(found) == MAX_NAMED:
                        return found
        return found

    def is_as_sealed(self, file, path, digest, is_read):
        now = state_of(file)
        if now is None:
            return False
        if digest is None:
            return self.states.get(file) == now
        if not is_read and self.states.get(file) == now:
            return True
        if digest_of(file, path == "", self.is_cancelled) != digest:
            return False
        if file in self.targets and self.targets[file] != digest_of(file, True, self.is_cancelled):
            return False
        self.states[file] = now
        return True

    def touched(self):
        """Of places whose content is read always, the paths that were written to since `changed`, whatever they hold now."""
        is_set = self.clock.was_set()
        found = []
        for place in self.places:
            if place["content"] == "written":
                continue
            for path, digest in self.paths_of(place):
                file = place_of(place["place"], path)
                if self.states.get(file) != state_of(file) or (is_set and not self.is_as_sealed(file, path, digest, True)):
                    found.append(file)
        return found[:MAX_NAMED]


class ClockWatch:
    """Whether the system's clock was set since it was made; a process that may not set it never did."""

    def __init__(self):
        self.timer = None
        if sys.platform != "linux":
            return
        try:
            libc = ctypes.CDLL(None, use_errno=True)
            timer = libc.timerfd_create(0, os.O_NONBLOCK | os.O_CLOEXEC)
            never = ctypes.create_string_buffer(struct.pack("@llll", 0, 0, 1 << 33, 0))
            if timer >= 0 and libc.timerfd_settime(timer, TFD_TIMER_ABSTIME_CANCEL_ON_SET, never, None) == 0:
                self.timer = timer
        except (AttributeError, OSError):
            pass

    def was_set(self):
        if self.timer is None:
            return os.geteuid() == 0
        try:
            os.read(self.timer, 8)
        except OSError as error:
            return error.errno != errno.EAGAIN
        return True


def state_of(file):
    """What tells one state of a file from another; None for nothing."""
    try:
        found = os.lstat(file)
    except OSError:
        return None
    if stat.S_ISDIR(found.st_mode):
        return (found.st_mode, found.st_dev, found.st_ino)  # what comes and goes in it is another question
    return (found.st_mode, found.st_dev, found.st_ino, found.st_size, found.st_mtime_ns, found.st_ctime_ns)


def digest_of(file, is_followed, is_cancelled=lambda: False):
    """The SHA-256 of a file's content, `-> TARGET` for a link that is not followed, or a word for what has no content."""
    try:
        mode = (os.stat if is_followed else os.lstat)(file).st_mode
        if stat.S_ISLNK(mode):
            return "-> " + os.readlink(file)
        if not stat.S_ISREG(mode):
            return "special"
        # Without O_NONBLOCK, opening a pipe that was put in the file's place meanwhile waits for a writer.
        descriptor = os.open(file, os.O_RDONLY | os.O_NONBLOCK)
    except OSError:
        return "unreadable"
    digest = hashlib.sha256()
    try:
        for chunk in iter(lambda: os.read(descriptor, CHUNK_BYTES), b""):
            digest.update(chunk)
            if is_cancelled():
                raise Cancelled
    except OSError:
        return "unreadable"
    finally:
        os.close(descriptor)
    return digest.hexdigest()


def files_below(folder):
    """The paths of all that is below a folder but folders, links to folders included."""
    waiting = [""]
    while waiting:
        below = waiting.pop()
        try:
            entries = list(os.scandir(os.path.join(folder, below)))
        except OSError:
            continue
        for entry in entries:
            path = below + "/" + entry.name if below else entry.name
            if entry.is_dir(follow_symlinks=False):
                waiting.append(path)
            elif entry.name not in OF_FILE_MANAGERS:
                yield path


def names_in(folder):
    try:
        return os.listdir(folder)
    except OSError:
        return []


def place_of(place, path):
    return os.path.join(place, path) if path else place
