"""The few system calls that Python's standard library lacks, and the numbers that name them on each machine."""
import ctypes
import os

libc = ctypes.CDLL(None, use_errno=True)
libc.syscall.restype = ctypes.c_long

PR_SET_PDEATHSIG = 1
PR_SET_KEEPCAPS = 8
PR_SET_SECCOMP = 22
PR_CAPBSET_DROP = 24
PR_SET_NO_NEW_PRIVS = 38
PR_CAP_AMBIENT = 47

AUDIT_ARCHES = {"x86_64": 0xC000003E, "aarch64": 0xC00000B7}
MACHINE = os.uname().machine  # `platform` would read a dozen modules


class CageError(Exception):
    """Why a cage cannot be entered, in words that stand after a colon."""


def by_machine(x86_64, aarch64):
    """Two tables of numbers by name; the one of this machine, empty elsewhere."""
    return {"x86_64": x86_64, "aarch64": aarch64}.get(MACHINE, {})


# Since 424 new calls have the same number everywhere.
LANDLOCK_CREATE_RULESET, LANDLOCK_ADD_RULE, LANDLOCK_RESTRICT_SELF = 444, 445, 446
CAPSET = {"x86_64": 126, "aarch64": 91}.get(MACHINE)


def syscall(what, number, *arguments):
    """Calls the kernel; `what` stands in the error's message."""
    result = libc.syscall(ctypes.c_long(number), *arguments)
    if result < 0:
        raise failed(what)
    return result


def prctl(what, *arguments):
    padded = list(arguments) + [0] * (5 - len(arguments))
    if libc.prctl(*[ctypes.c_ulong(each) for each in padded]) != 0:
        raise failed(what)


def failed(what):
    code = ctypes.get_errno()
    return CageError("{}: {}".format(what, os.strerror(code)))
