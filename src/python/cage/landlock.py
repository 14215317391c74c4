"""Landlock: which files a process reaches, for ever and for all that it starts; no privilege is needed.

Rights add up from the root of the tree down, so a closed folder below an open one stays open.
"""
import ctypes
import os
import struct

from cage.kernel import LANDLOCK_ADD_RULE, LANDLOCK_CREATE_RULESET, LANDLOCK_RESTRICT_SELF, CageError, libc, syscall

EXECUTE, WRITE_FILE, READ_FILE, READ_DIR = 1, 2, 4, 8
TRUNCATE, IOCTL_DEV = 1 << 14, 1 << 15
OF_FILES = EXECUTE | WRITE_FILE | READ_FILE | TRUNCATE | IOCTL_DEV
READING = EXECUTE | READ_FILE | READ_DIR
USING = READ_FILE | WRITE_FILE | READ_DIR | TRUNCATE | IOCTL_DEV
EVERYTHING = (1 << 16) - 1

FILE_RIGHTS = {1: (1 << 13) - 1, 2: (1 << 14) - 1, 3: (1 << 15) - 1, 4: (1 << 15) - 1}  # by version of the kernel's interface
NEWEST_KNOWN = 7
TCP = 3  # to bind and to connect
SCOPES = 3  # abstract unix sockets and signals stay within the cage


def version():
    """The version of the kernel's interface; 0 where there is none."""
    found = libc.syscall(ctypes.c_long(LANDLOCK_CREATE_RULESET), None, ctypes.c_size_t(0), ctypes.c_uint(1))
    return max(0, min(found, NEWEST_KNOWN))


def require():
    """The same; raises where there is none."""
    found = version()
    if found == 0:
        raise CageError("this kernel has no Landlock, or another sandbox forbids it")
    return found


class Ruleset:
    """Rules, opened with the rights that the process still has; `restrict` makes them hold."""

    def __init__(self, network):
        abi = require()
        self.handled = FILE_RIGHTS.get(abi, EVERYTHING)
        fields = [self.handled]
        if abi >= 4:
            fields.append(0 if network else TCP)
        if abi >= 6:
            fields.append(SCOPES)
        attributes = struct.pack("Q" * len(fields), *fields)
        self.file = syscall(
            "Landlock", LANDLOCK_CREATE_RULESET, ctypes.c_char_p(attributes), ctypes.c_size_t(len(attributes)), ctypes.c_uint(0)
        )

    def allow(self, path, rights):
        """Follows links; what is not there is an error, for a missing rule would show only as a candidate's crash."""
        try:
            place = os.open(path, os.O_PATH | os.O_CLOEXEC)
        except OSError as error:
            raise CageError("{}: {}".format(path, error.strerror))
        try:
            if not os.path.isdir("/proc/self/fd/{}".format(place)):
                rights &= OF_FILES
            rule = struct.pack("=Qi", rights & self.handled, place)
            syscall(
                "Landlock rule for " + path, LANDLOCK_ADD_RULE,
                ctypes.c_int(self.file), ctypes.c_int(1), ctypes.c_char_p(rule), ctypes.c_uint(0),
            )
        finally:
            os.close(place)

    def restrict(self):
        syscall("Landlock", LANDLOCK_RESTRICT_SELF, ctypes.c_int(self.file), ctypes.c_uint(0))
        os.close(self.file)
