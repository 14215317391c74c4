"""Harmless tries to reach beyond a run, made inside a cage to find out what it keeps closed; and what must work in it.

A probe gets through when it returns; any exception means that it was stopped. It changes nothing that matters to anyone: what
it aims at was laid out for it (`canary_host.py`, src/adapters/isolation/canary-place.ts).
"""
import ctypes
import os

libc = ctypes.CDLL(None, use_errno=True)
libc.syscall.restype = ctypes.c_long
PROBES, WORKS = [], []


def probe(name):
    """The function that follows tries this; it is given the place, a dictionary."""
    return lambda function: PROBES.append((name, function)) or function


def works(name):
    """The function that follows must not fail in a cage."""
    return lambda function: WORKS.append((name, function)) or function


def call(number, *arguments):
    """A raw system call; OSError where the kernel refuses."""
    return require(libc.syscall(ctypes.c_long(number), *arguments))


def require(result):
    if result < 0:
        code = ctypes.get_errno()
        raise OSError(code, os.strerror(code))
    return result


def tried(functions, place):
    """Name -> the error that stopped it, or None."""
    found = {}
    for name, function in functions:
        try:
            function(place)
            found[name] = None
        except BaseException as error:
            found[name] = repr(error)[:200]
    return found
