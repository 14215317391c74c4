"""The log of a stage: what it printed, kept within bounds, and known from what other processes make of the file."""
import hashlib
import os
import stat

from room import until_room
from sealed import digest_of

CHUNK_BYTES = 1 << 20
SAMPLE_BYTES = 4096
SAMPLE_SECONDS = 1.0


class Log:
    """A stage's log: its first bytes as they come, then only its last bytes, kept in a ring and written at the stage's end.

    While the ring is in use a sample of the newest lines, at most 4 KiB, is written each second, so that readers who
    follow the log still see progress; the samples are cut off again when the last bytes are written. What a full disk does
    not take goes to the ring too; at the stage's end the log waits for room, or a score in it would be lost.
    """

    def __init__(self, path, head_bytes, tail_bytes, arrive):
        make_way(path)  # an earlier stage may have put a link there
        self.path = path
        self.file = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_EXCL, 0o644)
        self.identity = identity_of(os.fstat(self.file))
        self.digest = hashlib.sha256()
        self.is_full = False
        self.trouble = None
        self.arrive = arrive
        self.head_left = head_bytes
        self.head_end = None
        self.ring = memoryview(bytearray(tail_bytes))
        self.past = 0
        self.sampled = 0
        self.sample_due = 0.0

    def take(self, pipe):
        """Reads once without waiting; False at the end of the pipe."""
        try:
            if self.head_left > 0:
                data = os.read(pipe, min(CHUNK_BYTES, self.head_left))
                self.head_left -= len(data)
                self.keep(self.write(data))
                self.arrive(data)
                return len(data) > 0
            at = self.past % len(self.ring)
            count = os.readv(pipe, [self.ring[at:]])
            self.past += count
            self.arrive(self.ring[at : at + count])
            return count > 0
        except BlockingIOError:
            return True

    def keep(self, rest):
        """Puts what the disk did not take into the ring, and all that follows."""
        while len(rest) > 0:
            self.head_left = 0
            at = self.past % len(self.ring)
            count = min(len(rest), len(self.ring) - at)
            self.ring[at : at + count] = rest[:count]
            self.past += count
            rest = rest[count:]

    def sample(self, now):
        if self.past == self.sampled or now < self.sample_due:
            return
        if self.head_end is None:
            self.head_end = os.fstat(self.file).st_size
            self.put("\n[… the log is full; a sample each second, and its end when the stage ends …]\n".encode())
        self.put(whole_lines(self.newest(min(self.past - self.sampled, SAMPLE_BYTES))))
        self.sampled = self.past
        self.sample_due = now + SAMPLE_SECONDS

    def close(self, may_wait):
        if self.head_end is not None:
            os.ftruncate(self.file, self.head_end)
        kept = self.newest(len(self.ring))
        left_out = self.past - len(kept)
        if left_out > 0:
            cut = kept.find(b"\n", 0, CHUNK_BYTES // 16) + 1  # half a line could be read as another figure
            self.write_all("\n[… {:,} bytes left out …]\n".format(left_out + cut).encode(), may_wait)
            kept = kept[cut:]
        self.write_all(kept, may_wait)
        os.close(self.file)

    def newest(self, count):
        at = self.past % len(self.ring)
        older = self.ring[at:] if self.past >= len(self.ring) else b""
        kept = bytes(older) + bytes(self.ring[:at])
        return kept[max(0, len(kept) - count) :]

    def is_as_written(self):
        """Whether the closed log is still the file that was written, with what was written; not asked of one that a full disk cut."""
        if self.is_full:
            return True
        try:
            if identity_of(os.lstat(self.path)) != self.identity:
                return False
        except OSError:
            return False
        return digest_of(self.path, False) == self.digest.hexdigest()

    def write(self, data):
        """Writes what the disk takes; returns the rest."""
        rest = self.put(data)
        self.digest.update(memoryview(data)[: len(data) - len(rest)])
        return rest

    def write_all(self, data, may_wait):
        rest = memoryview(data)

        def write_rest():
            nonlocal rest
            rest = self.write(rest)
            if len(rest) > 0:
                raise self.trouble

        try:
            until_room(write_rest, may_wait)
        except OSError:
            self.is_full = True  # a log that cannot be written ends no job

    def put(self, data):
        view = memoryview(data)
        try:
            while len(view) > 0:
                view = view[os.write(self.file, view) :]
        except OSError as error:
            self.trouble = error
        return view


def whole_lines(data):
    """The complete lines of a piece of output; its last 80 bytes when it has none."""
    data = data.replace(b"\r", b"\n")
    lines = data[data.find(b"\n") + 1 : data.rfind(b"\n") + 1]
    return lines or data[-80:] + b"\n"


def identity_of(found):
    return (stat.S_IFMT(found.st_mode), found.st_dev, found.st_ino)


def make_way(path):
    """Takes away what is at the path; a folder is moved aside, because it may be a large one."""
    try:
        os.unlink(path)
    except FileNotFoundError:
        pass
    except OSError:
        if not os.path.isdir(path):
            raise
        os.rename(path, "{}.{}.aside".format(path, os.getpid()))
