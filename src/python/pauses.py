"""Notices that the machine stood still, slept, or had its clock set, while a stage ran: none of it is the stage's doing."""
import time

PAUSE_SECONDS = 5.0  # this program looks around at least twice a second; a busy machine delays it by less
BUSY_SHARE = 0.1  # a stage that computed for more of a gap was not paused with the rest: only this program was
SET_SECONDS = 1.0  # a network's time corrects a clock by less
CPU_INTERVAL_SECONDS = 0.1


class Pauses:
    """`cpu_seconds` says what the stage has used so far. Time is monotonic, in seconds."""

    def __init__(self, cpu_seconds, pause_seconds=PAUSE_SECONDS):
        self.cpu_seconds = cpu_seconds
        self.pause_seconds = pause_seconds
        self.paused = self.slept = self.set = 0.0
        self.seen = time.monotonic()
        self.used = cpu_seconds()
        self.asleep = asleep_seconds()
        self.offset = wall_offset()

    def look(self, now):
        """To be called again and again; the seconds for which everything stood still since the last call, or 0."""
        gap = now - self.seen
        if gap < CPU_INTERVAL_SECONDS:
            return 0.0
        used, self.used = self.used, self.cpu_seconds()
        self.seen = now
        self.note_clocks()
        if gap < self.pause_seconds or self.used - used > BUSY_SHARE * gap:
            return 0.0
        self.paused += gap
        return gap

    def note_clocks(self):
        asleep, offset = asleep_seconds(), wall_offset()
        slept = asleep - self.asleep
        moved = offset - self.offset - slept
        self.asleep, self.offset = asleep, offset
        if slept > SET_SECONDS:
            self.slept += slept
        if abs(moved) > SET_SECONDS:
            self.set += abs(moved)

    def report(self):
        self.note_clocks()  # a stage that reads a clock ends as soon as it is set
        figures = {"pausedSeconds": self.paused, "sleptSeconds": self.slept, "clockSetSeconds": self.set}
        return {name: round(seconds, 3) for name, seconds in figures.items() if seconds}


def asleep_seconds():
    """How long this machine has slept since it started; 0 where the system does not say."""
    boottime = getattr(time, "CLOCK_BOOTTIME", None)
    return 0.0 if boottime is None else time.clock_gettime(boottime) - time.clock_gettime(time.CLOCK_MONOTONIC)


def wall_offset():
    return time.time() - time.monotonic()
