"""What a stage leaves in folders that all programs share, where it has none of its own: removed when no process of it is left."""
import os
import shutil

SHARED_MEMORY = "/dev/shm"
TEMPORARY = ("/tmp", "/var/tmp")
SHARED_FOLDERS = TEMPORARY + (SHARED_MEMORY, "/run/lock")


def remove_of_user(uid, folders):
    """Everything in these folders that belongs to a stage's own user."""
    for folder in folders:
        for entry, status in listed(folder).values():
            if status.st_uid == uid:
                remove(entry)


class SharedMemory:
    """The same for a stage that runs as the controller's user: what is new, and that no process has open."""

    def __init__(self):
        self.before = set(listed(SHARED_MEMORY))

    def remove_new(self):
        new = {
            path: entry
            for path, (entry, status) in listed(SHARED_MEMORY).items()
            if path not in self.before and status.st_uid == os.geteuid()
        }
        if new:
            for path in set(new) - in_use(set(new)):
                remove(new[path])


def in_use(paths):
    """Those of the paths that a process has mapped or open."""
    found = set()
    for pid in filter(str.isdigit, os.listdir("/proc")):
        try:
            with open("/proc/{}/maps".format(pid), errors="replace") as file:
                found.update("/" + line.rstrip("\n").partition("/")[2] for line in file if SHARED_MEMORY in line)
            for descriptor in os.listdir("/proc/{}/fd".format(pid)):
                found.add(os.readlink("/proc/{}/fd/{}".format(pid, descriptor)))
        except OSError:
            pass  # another user's, or gone
    return found & paths


def listed(folder):
    try:
        with os.scandir(folder) as found:
            return {entry.path: (entry, entry.stat(follow_symlinks=False)) for entry in found}
    except OSError:
        return {}


def remove(entry):
    try:
        if entry.is_dir(follow_symlinks=False):
            shutil.rmtree(entry.path, ignore_errors=True)
        else:
            os.unlink(entry.path)
    except OSError:
        pass
