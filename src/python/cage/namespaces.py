"""A view of the machine of its own, where the controller may make one: /tmp, /dev/shm, a loopback network, no process of others.

What no right closes to a stage is covered up here: sockets of other programs, and the list of processes.
"""
import _socket  # see users.py
import ctypes
import fcntl
import os
import stat
import struct

from cage.kernel import failed, libc
from cage.litter import SHARED_MEMORY, TEMPORARY
from cage.shells import shells_of

NEW_MOUNTS, NEW_IPC, NEW_NETWORK = 0x00020000, 0x08000000, 0x40000000
READ_ONLY, NO_SETUID, NO_DEVICES, REMOUNT, BIND, RECURSIVE, SLAVE = 1, 2, 4, 32, 4096, 16384, 1 << 19
SIOCSIFFLAGS, UP = 0x8914, 1
MOST_SOCKETS = 512


def separate(temporary, readable, writable, links, network, hides_processes):
    """Moves this process into them; gives the folders that are its own now. `temporary` becomes /tmp; `links` are shown in them."""
    if libc.unshare(NEW_MOUNTS | NEW_IPC | (0 if network else NEW_NETWORK)) != 0:
        raise failed("namespaces")
    mount("none", "/", None, RECURSIVE | SLAVE)  # nothing that is mounted from here on is seen outside
    hide_sockets(readable + writable)
    covers = [(folder, (temporary, folder, None, BIND)) for folder in TEMPORARY]
    shared = "mode=1777,size={}".format(size_of(SHARED_MEMORY))
    covers.append((SHARED_MEMORY, ("tmpfs", SHARED_MEMORY, "tmpfs", NO_SETUID | NO_DEVICES, shared)))
    for folder, what in covers:
        cover(folder, what, readable, writable, links)
    if hides_processes and is_plain_proc():
        mount("proc", "/proc", "proc", NO_SETUID | NO_DEVICES, "hidepid=2")
    if not network:
        start_loopback()
    return [folder for folder, _ in covers]


def mount(source, target, kind, flags, options=None):
    texts = [None if text is None else os.fsencode(text) for text in (source, target, kind, options)]
    if libc.mount(texts[0], texts[1], texts[2], ctypes.c_ulong(flags), texts[3]) != 0:
        raise failed("mount on {}".format(target))


def cover(folder, what, readable, writable, links):
    """Mounts something over a folder, and shows in it again what the stage needs of the folder."""
    links = {path: target for path, target in links.items() if path.startswith(folder + os.sep)}
    needed = sorted({path for path in readable + writable if path.startswith(folder + os.sep)})
    kept = [(path, os.open(path, os.O_PATH | os.O_CLOEXEC), os.path.isdir(path)) for path in needed]
    mount(*what)
    shells = shells_of(needed + list(links), [folder])
    for shell in shells:
        os.mkdir(shell)
        mount("tmpfs", shell, "tmpfs", NO_SETUID | NO_DEVICES, "mode=755,size=1m")
    for path, place, is_folder in kept:
        make_place(path, is_folder)
        mount("/proc/self/fd/{}".format(place), path, None, BIND)
        if path not in writable:
            mount("none", path, None, BIND | REMOUNT | READ_ONLY)
        os.close(place)
    for path, target in links.items():
        os.makedirs(os.path.dirname(path), exist_ok=True)
        if not os.path.lexists(path):
            os.symlink(target, path)
    for shell in shells:
        mount("none", shell, None, REMOUNT | READ_ONLY)


def make_place(path, is_folder):
    os.makedirs(path if is_folder else os.path.dirname(path), exist_ok=True)
    if not is_folder and not os.path.lexists(path):
        os.close(os.open(path, os.O_CREAT | os.O_WRONLY, 0o644))


def size_of(folder):
    found = os.statvfs(folder)
    return found.f_blocks * found.f_frsize


def hide_sockets(needed):
    """Covers the sockets that programs of this machine listen on; a file's rights alone close only some."""
    with open("/proc/net/unix", errors="replace") as file:
        paths = {line.split(None, 7)[7].rstrip("\n") for line in file if line.count(" /") == 1}
    for path in sorted(paths)[:MOST_SOCKETS]:
        try:
            if stat.S_ISSOCK(os.lstat(path).st_mode) and path not in needed:
                mount("/dev/null", path, None, BIND)
        except OSError:
            pass  # of another namespace


def is_plain_proc():
    """Whether nothing is mounted below /proc but what systems have there: a container shows its GPUs so."""
    with open("/proc/self/mountinfo") as file:
        places = [line.split()[4] for line in file]
    return not any(place.startswith("/proc/") and not place.startswith("/proc/sys/fs/binfmt_misc") for place in places)


def start_loopback():
    any_socket = _socket.socket(_socket.AF_INET, _socket.SOCK_DGRAM)
    fcntl.ioctl(any_socket.fileno(), SIOCSIFFLAGS, struct.pack("16sh14x", b"lo", UP))
    any_socket.close()
