"""The kernel and the machine: namespaces, mounts, keys, clock, and the parts that a training has no use for."""
import ctypes
import errno
import fcntl
import os
import platform
import signal
import struct

from canaries import call, libc, probe, require
from canaries.numbers import CALLS

NEW_USER = 0x10000000
KILOBYTE = 1024


def reaches(name, *arguments):
    """Whether the kernel looks at a call's senseless arguments: then it is open, whatever it thinks of them."""
    if libc.syscall(ctypes.c_long(CALLS[name]), *arguments) < 0:
        code = ctypes.get_errno()
        if code in (errno.EPERM, errno.EACCES, errno.ENOSYS):
            raise OSError(code, os.strerror(code))


def in_child(action):
    """Does it in a process of its own, which it changes for ever."""
    child = os.fork()
    if child == 0:
        try:
            action()
            os._exit(0)
        except BaseException:
            os._exit(1)
    if os.waitpid(child, 0)[1] != 0:
        raise OSError("refused")


def nothing():
    return ctypes.create_string_buffer(KILOBYTE)


probe("make a namespace")(lambda place: in_child(lambda: call(CALLS["unshare"], NEW_USER)))
probe("enter another namespace")(lambda place: reaches("setns", -1, 0))
probe("mount")(lambda place: reaches("mount", b"none", b"/nonexistent", b"tmpfs", 0, None))
probe("open a file system")(lambda place: reaches("fsopen", b"none", 0))
probe("change its root")(lambda place: in_child(lambda: os.chroot("/proc")))
probe("open a file by its number")(lambda place: reaches("open_by_handle_at", -1, nothing(), 0))
probe("use io_uring")(lambda place: os.close(call(CALLS["io_uring_setup"], 1, nothing())))
probe("keep a key in the kernel")(lambda place: reaches("add_key", b"user", b"canary", b"x", 1, -1))
probe("load a program into the kernel")(lambda place: reaches("bpf", 0, nothing(), 64))
probe("count the kernel's events")(lambda place: os.close(call(CALLS["perf_event_open"], perf_event(), 0, -1, -1, 0)))
probe("handle page faults")(lambda place: os.close(call(CALLS["userfaultfd"], 1)))
probe("watch all files")(lambda place: reaches("fanotify_init", 0, 0))
probe("compare two processes")(lambda place: reaches("kcmp", os.getpid(), place["pid"], 0, 0, 0))
probe("load a module")(lambda place: reaches("finit_module", -1, b"", 0))
probe("restart the machine")(lambda place: reaches("reboot", 0, 0, 0, None))
probe("rename the machine")(lambda place: reaches("sethostname", None, 1 << 20))
probe("swap to a file")(lambda place: reaches("swapon", b"/nonexistent", 0))
probe("read the kernel's log")(lambda place: reaches("syslog", 10, None, 0))
probe("set the clock")(lambda place: set_clock())
probe("raise its priority")(lambda place: in_child(lambda: os.nice(-5)))
probe("run before all others")(lambda place: in_child(lambda: os.sched_setscheduler(0, os.SCHED_FIFO, os.sched_param(1))))
probe("change a setting of the kernel")(lambda place: open("/proc/sys/kernel/core_pattern", "r+").close())
probe("make a control group")(lambda place: os.mkdir("/sys/fs/cgroup/nocturne-canary") or os.rmdir("/sys/fs/cgroup/nocturne-canary"))
probe("open a disk")(lambda place: os.close(os.open(first_disk(), os.O_RDONLY)))


def set_clock():
    """An adjustment by nothing, which the kernel still lets nobody make who may not set the clock."""
    change = ctypes.create_string_buffer(struct.pack("=I", 0x4000), 256)  # ADJ_TICK, with a tick out of bounds
    reaches("clock_adjtime", 0, change)


def perf_event():
    """A counter of its own page faults, which the strictest of the usual settings still allows."""
    return ctypes.create_string_buffer(struct.pack("IIQQQQQ", 1, 64, 2, 0, 0, 0, 1 << 5 | 1 << 6), 128)


def first_disk():
    with open("/proc/partitions") as file:
        names = [line.split()[3] for line in file.read().splitlines()[2:]]
    return "/dev/" + names[0]


@probe("start a process in a namespace")
def clone_user(place):
    child = call(CALLS["clone"], ctypes.c_ulong(NEW_USER | signal.SIGCHLD), None, None, None, None)
    end_child(child)


@probe("start a process in a namespace by clone3")
def clone3_user(place):
    arguments = struct.pack("8Q", NEW_USER, 0, 0, 0, signal.SIGCHLD, 0, 0, 0)
    end_child(call(CALLS["clone3"], ctypes.c_char_p(arguments), ctypes.c_size_t(len(arguments))))


def end_child(child):
    if child == 0:
        os._exit(0)
    os.waitpid(child, 0)


@probe("call the kernel by its other numbers")
def x32(place):
    if platform.machine() != "x86_64":
        raise OSError("there are none")
    call(0x40000000 | 39)


@probe("type into a terminal")
def type_into(place):
    ours, theirs = os.openpty()
    try:
        in_child(lambda: (os.setsid(), fcntl.ioctl(theirs, 0x540E, 0), require(libc.ioctl(theirs, ctypes.c_ulong(0x5412), b"x"))))
    finally:
        os.close(ours)
        os.close(theirs)
