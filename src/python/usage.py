"""What all processes of a stage use, whether anybody waits for them or not: processor time and memory.

A process whose parent ignores SIGCHLD ends unseen, and no one's `wait` ever counts it. So the kernel is asked to count: a
counter on this process that all it starts inherit. Where that is not allowed (another system, a container's filter), the
processes are looked at now and then, which misses what lives for less; what is waited for counts whole in any case.
"""
import ctypes
import os
import struct
import sys
import time

LINUX = sys.platform == "linux"
MIB = 1 << 20
PAGE = os.sysconf("SC_PAGE_SIZE")
TICK = os.sysconf("SC_CLK_TCK")
PERF_EVENT_OPEN = {"x86_64": 298, "aarch64": 241}
PERF_SOFTWARE, PERF_TASK_CLOCK, PERF_CLOSE_ON_EXEC = 1, 1, 8
# Kernel and hypervisor are left out so that an ordinary user may ask; a clock counts their time all the same.
PERF_INHERIT, PERF_EXCLUDE = 1 << 1, 1 << 5 | 1 << 6
NOTE_SECONDS = 0.1  # between two looks at the times of all processes, where the kernel does not count
LOOK_SHARE = 100  # a look at shared pages may cost one part in so many of this program's time


class Usage:
    """Counts from its making on."""

    def __init__(self, family):
        self.family = family
        self.all, self.own = open_counter(inherit=True), open_counter(inherit=False)
        self.not_its = 0.0  # of processes that this one started for itself
        self.waited = 0.0
        self.seen = {}
        self.ended_seen = 0.0
        self.noted = 0.0
        self.peak = 0
        self.look_due = 0.0

    def take_ended(self, usage, is_its):
        """Of a process that has been waited for: with all that it waited for itself."""
        seconds = usage.ru_utime + usage.ru_stime
        if not is_its:
            self.not_its += seconds
            return
        self.waited += seconds
        self.peak = max(self.peak, usage.ru_maxrss * (1024 if LINUX else 1))

    def seconds(self):
        """The processor seconds so far, to the moment where the kernel counts."""
        if self.all is not None:
            return max(self.waited, read_counter(self.all) - read_counter(self.own) - self.not_its)
        now = time.monotonic()
        if now - self.noted > NOTE_SECONDS:
            self.note_times()
            self.noted = now
        return max(self.waited, self.ended_seen + sum(self.seen.values()))

    def note_times(self):
        there = {}
        for pid in self.family():
            fields = stat_fields(pid)
            if fields:
                there[pid, fields[19]] = (int(fields[11]) + int(fields[12])) / TICK
        for key, seconds in self.seen.items():
            if key not in there:
                self.ended_seen += seconds
        self.seen = there

    def note_memory(self, family, now):
        """Shared pages count once. One process needs no look: its own peak is known when it has ended."""
        if len(family) < 2 or now < self.look_due:
            return
        pages = [read_pages(pid) for pid in family]
        if sum(whole for whole, _ in pages) * PAGE <= self.peak:
            return
        began = time.thread_time()
        shares = [proportional_bytes(pid) for pid in family]
        if None in shares:
            private = sum(whole - shared for whole, shared in pages)
            self.peak = max(self.peak, (private + max(shared for _, shared in pages)) * PAGE)
        else:
            self.peak = max(self.peak, sum(shares))
        self.look_due = now + LOOK_SHARE * (time.thread_time() - began)

    def report(self):
        return {"peakMemoryMb": round(self.peak / MIB, 1)} if self.peak else {}

    def close(self):
        for counter in (self.all, self.own):
            if counter is not None:
                os.close(counter)
        self.all = self.own = None


class PerfAttributes(ctypes.Structure):
    _fields_ = [
        ("type", ctypes.c_uint32),
        ("size", ctypes.c_uint32),
        ("config", ctypes.c_uint64),
        ("sample_period", ctypes.c_uint64),
        ("sample_type", ctypes.c_uint64),
        ("read_format", ctypes.c_uint64),
        ("flags", ctypes.c_uint64),
        ("rest", ctypes.c_uint64 * 8),
    ]


def open_counter(inherit):
    """A counter of this process's time on a processor; None where there is none to be had."""
    number = PERF_EVENT_OPEN.get(os.uname().machine) if LINUX else None
    if number is None:
        return None
    flags = PERF_EXCLUDE | (PERF_INHERIT if inherit else 0)
    attributes = PerfAttributes(
        type=PERF_SOFTWARE, size=ctypes.sizeof(PerfAttributes), config=PERF_TASK_CLOCK, flags=flags
    )
    counter = ctypes.CDLL(None).syscall(number, ctypes.byref(attributes), 0, -1, -1, PERF_CLOSE_ON_EXEC)
    return counter if counter >= 0 else None


def read_counter(counter):
    return struct.unpack("q", os.read(counter, 8))[0] / 1e9


def read_bytes(path):
    try:
        with open(path, "rb") as file:
            return file.read()
    except OSError:
        return b""


def stat_fields(pid):
    """/proc/PID/stat from its third field, the state, on (the name before it may hold spaces and brackets); empty for a process that is gone."""
    return read_bytes("/proc/{}/stat".format(pid)).rpartition(b")")[2].split()


def read_pages(pid):
    """(pages in memory, those of them that are shared with files or segments)."""
    fields = read_bytes("/proc/{}/statm".format(pid)).split()
    return (int(fields[1]), int(fields[2])) if len(fields) > 2 else (0, 0)


def proportional_bytes(pid):
    """A process's memory with its part of what it shares; None where that may not be read, 0 when it is gone."""
    try:
        with open("/proc/{}/smaps_rollup".format(pid), "rb") as file:
            text = file.read()
    except ProcessLookupError:
        return 0
    except OSError:
        return None if os.path.exists("/proc/{}".format(pid)) else 0
    for line in text.splitlines():
        if line.startswith(b"Pss:"):
            return int(line.split()[1]) << 10
    return 0
