"""Whose the files are: what a stage may write is given to its user before it starts, and taken back when nothing of it is left.

Fixed files in a folder that it may write stay the controller's, and so do the folders above them: these become sticky, as
/tmp is, so that the stage makes files beside a fixed one but cannot put another in its place.
"""
import os
import stat

STICKY_FOR_ALL = 0o1777


class Loan:
    """Files lent to a user; `give_all_back` returns each of them, whatever the stage made of the folders."""

    def __init__(self, roots, fixed, uid):
        self.roots = [os.path.realpath(root) for root in roots]
        self.fixed = {os.path.join(os.path.realpath(os.path.dirname(path)), os.path.basename(path)) for path in fixed}
        self.above_fixed = {folder for path in self.fixed for folder in self.folders_above(path)}
        self.uid = uid
        self.modes = []

    def folders_above(self, path):
        folder = os.path.dirname(path)
        while any(folder == root or folder.startswith(root + os.sep) for root in self.roots):
            yield folder
            folder = os.path.dirname(folder)

    def give(self):
        for root in self.roots:
            self.give_one(root, os.lstat(root))
            for path, status in entries(root):
                self.give_one(path, status)

    def give_one(self, path, status):
        if path in self.above_fixed:
            self.modes.append((path, stat.S_IMODE(status.st_mode)))
            os.chmod(path, stat.S_IMODE(status.st_mode) | STICKY_FOR_ALL)
        elif path not in self.fixed and not is_shared(status):
            os.chown(path, self.uid, self.uid, follow_symlinks=False)

    def give_all_back(self):
        uid, gid = os.geteuid(), os.getegid()
        for path, mode in self.modes:
            change(os.chmod, path, mode)
        for root in self.roots:
            for path, status in [(root, status_of(root))] + list(entries(root)):
                if status is not None and status.st_uid == self.uid:
                    change(os.lchown, path, uid, gid)


def is_shared(status):
    """Another name of the file may lie anywhere; a link's owner says nothing."""
    return stat.S_ISLNK(status.st_mode) or (not stat.S_ISDIR(status.st_mode) and status.st_nlink > 1)


def entries(root):
    """Every path below a folder with its status; links are not followed."""
    folders = [root]
    while folders:
        try:
            with os.scandir(folders.pop()) as found:
                for entry in found:
                    status = entry.stat(follow_symlinks=False)
                    if stat.S_ISDIR(status.st_mode):
                        folders.append(entry.path)
                    yield entry.path, status
        except (NotADirectoryError, FileNotFoundError):
            pass


def status_of(path):
    try:
        return os.lstat(path)
    except OSError:
        return None


def change(how, path, *arguments):
    try:
        how(path, *arguments)
    except OSError:
        pass  # removed meanwhile, or on a file system that has no owners
