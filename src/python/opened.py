"""Which of a few files any process opens meanwhile, whatever language it is written in, as Linux's inotify tells it.

What was never opened was never read, so a training that leaves the edited files unopened trains something else. Elsewhere
than on Linux, and on a file system whose own open inotify does not tell, nothing is known.
"""
import os
import struct
import sys

IN_OPEN = 0x20
IN_ONESHOT = 0x80000000
EVENT = struct.Struct("iIII")


class OpenedFiles:
    """From its making to `close`, which names the files that were opened; None where that cannot be known."""

    def __init__(self, folder, paths):
        self.queue = None
        self.watches = {}
        if not paths or sys.platform != "linux":
            return
        try:
            import ctypes

            libc = ctypes.CDLL(None, use_errno=True)
            self.queue = libc.inotify_init1(os.O_NONBLOCK | os.O_CLOEXEC)
            if self.queue >= 0 and all(self.is_told(libc, folder, path) for path in paths):
                return
        except (AttributeError, ImportError, OSError):
            pass
        self.forget()

    def is_told(self, libc, folder, path):
        """Watches a file for its first open; whether an open of our own was told."""
        file = os.path.join(folder, path)
        for is_trial in (True, False):
            watch = libc.inotify_add_watch(self.queue, os.fsencode(file), IN_OPEN | IN_ONESHOT)
            if watch < 0:
                return False
            if is_trial:
                os.close(os.open(file, os.O_RDONLY))
                if watch not in self.events():
                    return False
        self.watches[watch] = path
        return True

    def events(self):
        """The watches that were triggered since the last look."""
        found = set()
        while True:
            try:
                data = os.read(self.queue, 65536)
            except BlockingIOError:
                return found
            at = 0
            while at < len(data):
                watch, mask, _, length = EVENT.unpack_from(data, at)
                at += EVENT.size + length
                if mask & IN_OPEN:
                    found.add(watch)

    def close(self):
        if self.queue is None:
            return None
        opened = sorted(self.watches[watch] for watch in self.events() if watch in self.watches)
        self.forget()
        return opened

    def forget(self):
        if self.queue is not None and self.queue >= 0:
            os.close(self.queue)
        self.queue = None
