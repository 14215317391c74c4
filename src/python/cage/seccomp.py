"""seccomp: a small program of the kernel's own that refuses system calls, for ever and for all that the process starts.

It lists what is refused, not what is allowed: libraries of the field use almost every harmless call, and each year new ones.
"""
import ctypes
import errno
import struct

from cage.kernel import AUDIT_ARCHES, MACHINE, PR_SET_SECCOMP, CageError, failed, libc
from cage.refused_calls import CALLS, CLONE3, REFUSED

LOAD, EQUAL, AT_LEAST, ANY_BIT, RETURN = 0x20, 0x15, 0x35, 0x45, 0x06
ALLOW, KILL = 0x7FFF0000, 0x80000000
REFUSE = 0x00050000 | errno.EPERM
# As from a kernel without that call: libraries then take another way, as glibc does for clone3.
UNKNOWN = 0x00050000 | errno.ENOSYS
X32 = 0x40000000

AF_UNIX, AF_INET, AF_INET6, AF_NETLINK = 1, 2, 10, 16
NEW_NAMESPACES = 0x7E020000  # every CLONE_NEW flag that clone takes
TIOCSTI, TIOCLINUX = 0x5412, 0x541C
SECCOMP = {"x86_64": 317, "aarch64": 277}
LEAVE_SPECULATION = 4
EVERYBODY = 0xFFFFFFFF  # -1 as a process number


def low(argument):
    """Loads the lower half of an argument; the kernel too takes no more of an int."""
    return (LOAD, 0, 0, 16 + 8 * argument)


def high(argument):
    return (LOAD, 0, 0, 20 + 8 * argument)


def refuse(verdict=REFUSE):
    return (RETURN, 0, 0, verdict)


ALLOWED = (RETURN, 0, 0, ALLOW)


def of_call(number, body):
    """The instructions for one call alone."""
    return [(EQUAL, 0, len(body), number)] + body


def only_families(families):
    body = [low(0)]
    for left in range(len(families), 0, -1):
        body.append((EQUAL, left, 0, families[-left]))
    return body + [refuse(), ALLOWED]


def netlink_of_routes(families):
    """`only_families`, and of netlink the protocol by which the C library asks for addresses: ZeroMQ ends a notebook without it."""
    body = [low(0), (EQUAL, 0, 4, AF_NETLINK), low(2), (EQUAL, 0, 1, 0), ALLOWED, refuse()]
    return body + only_families(families)


def program(network):
    """The instructions, in the kernel's form."""
    if MACHINE not in AUDIT_ARCHES:
        raise CageError("seccomp is not prepared for {} machines".format(MACHINE))
    code = [(LOAD, 0, 0, 4), (EQUAL, 1, 0, AUDIT_ARCHES[MACHINE]), refuse(KILL), (LOAD, 0, 0, 0)]
    if MACHINE == "x86_64":
        code += [(AT_LEAST, 0, 1, X32), refuse(UNKNOWN)]
    # First those whose arguments are read: the kernel remembers the verdict on all others, and a GPU is driven by ioctl.
    code += of_call(CALLS["ioctl"], [low(1), (EQUAL, 1, 0, TIOCSTI), (EQUAL, 0, 1, TIOCLINUX), refuse(), ALLOWED])
    code += of_call(CALLS["kill"], [low(0), (EQUAL, 0, 1, EVERYBODY), refuse(), ALLOWED])
    code += of_call(CALLS["clone"], [low(0), (ANY_BIT, 0, 1, NEW_NAMESPACES), refuse(), ALLOWED])
    families = netlink_of_routes((AF_UNIX, AF_INET, AF_INET6) if network else (AF_UNIX,))
    code += of_call(CALLS["socket"], families)
    code += of_call(CALLS["socketpair"], only_families((AF_UNIX,)))
    code += of_call(CALLS["prlimit64"], limits_of_others())
    code += of_call(CLONE3, [refuse(UNKNOWN)])  # its flags are in memory, where no filter looks
    for number in sorted(REFUSED.values()):
        code += of_call(number, [refuse()])
    code += [ALLOWED]
    return b"".join(struct.pack("HBBI", *instruction) for instruction in code)


def limits_of_others():
    """New limits for a process that is named by its number; its own has the number 0 in the C library."""
    return [
        low(0), (EQUAL, 0, 1, 0), ALLOWED,
        low(2), (EQUAL, 0, 2, 0), high(2), (EQUAL, 1, 0, 0), refuse(), ALLOWED,
    ]


class Program(ctypes.Structure):
    """struct sock_fprog."""

    _fields_ = [("length", ctypes.c_ushort), ("code", ctypes.c_char_p)]


def refuse_calls(code):
    """Loads the program; the process must have no new privileges from here on.

    By the call that leaves speculation as it is: before Linux 5.16 the other one slows down whoever it confines.
    """
    loaded = Program(len(code) // 8, code)
    if libc.syscall(ctypes.c_long(SECCOMP[MACHINE]), 1, ctypes.c_uint(LEAVE_SPECULATION), ctypes.byref(loaded)) == 0:
        return
    if libc.prctl(PR_SET_SECCOMP, 2, ctypes.byref(loaded), 0, 0) != 0:
        raise failed("seccomp")
