"""What the supervisor does while the disk is full: it waits for room, since what its job has come to must not be lost with it."""
import errno
import time

FULL = (errno.ENOSPC, errno.EDQUOT)
LOOK_SECONDS = 0.25
GIVE_UP_SECONDS = 24 * 3600.0  # a supervisor that nobody misses does not wait for ever


def until_room(act, may_wait):
    """The result of `act`, which is repeated while the disk is full and `may_wait()`; raises what else it raises."""
    give_up = time.monotonic() + GIVE_UP_SECONDS
    while True:
        try:
            return act()
        except OSError as error:
            if error.errno not in FULL or time.monotonic() > give_up or not may_wait():
                raise
            time.sleep(LOOK_SECONDS)
